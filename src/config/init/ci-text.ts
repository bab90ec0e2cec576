/** A job of GitHub Actions: the change alone on a pull request, everything on the main branch. */
export function githubWorkflow(version: string): string {
  return `# Written by "meshaudit init". Needs the npm package meshaudit@${version} in the registry that npm is set up with.
name: meshaudit
on:
  pull_request:
  push:
    branches: [main, master]

permissions:
  contents: read

jobs:
  audit:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      # For the upload of the report; needs code scanning.
      security-events: write
    steps:
      - uses: actions/checkout@v4
        with:
          # --since needs the history.
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: '20'
      - name: Audit
        env:
          BASE: \${{ github.event.pull_request.base.sha }}
        run: |
          since=()
          if [ -n "$BASE" ]; then since=(--since "$BASE"); fi
          npx --yes meshaudit@${version} audit --no-progress "\${since[@]}" \\
            -f table -f sarif -f markdown -o - -o meshaudit.sarif -o meshaudit.md
      - name: Summary
        if: \${{ always() && hashFiles('meshaudit.md') != '' }}
        run: cat meshaudit.md >> "$GITHUB_STEP_SUMMARY"
      - name: Upload to code scanning
        if: \${{ always() && hashFiles('meshaudit.sarif') != '' }}
        uses: github/codeql-action/upload-sarif@v3
        with:
          sarif_file: meshaudit.sarif
          category: meshaudit
`;
}

/** A job of GitLab CI with the reports that GitLab shows at a merge request. */
export function gitlabJob(version: string): string {
  return `# Written by "meshaudit init". Needs the npm package meshaudit@${version} in the registry that npm is set up with.
meshaudit:
  stage: test
  image: node:20
  variables:
    # --since needs the history.
    GIT_DEPTH: 0
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - |
      since=""
      if [ -n "$CI_MERGE_REQUEST_DIFF_BASE_SHA" ]; then since="--since=$CI_MERGE_REQUEST_DIFF_BASE_SHA"; fi
      npx --yes meshaudit@${version} audit --no-progress $since \\
        -f table -f gitlab-code-quality -f gitlab-sast -f junit \\
        -o - -o gl-code-quality-report.json -o gl-sast-report.json -o meshaudit-junit.xml
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
      sast: gl-sast-report.json
      junit: meshaudit-junit.xml
`;
}

/** A pipeline that holds nothing but the job. */
export function gitlabPipeline(job: string): string {
  return `include:\n  - local: ${job}\n`;
}
