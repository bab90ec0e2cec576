export function kubeconfig(
  server: { readonly url: string; readonly ca: string },
  user: object,
  cluster?: object,
): string;
