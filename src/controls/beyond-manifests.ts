/** Why no manifest proves a control: what it asks for is done by people. */
export const byPeople = 'a process that people run; manifests are evidence of it at most';

/** Why no manifest proves a control: what it asks for can be seen in operation only. */
export const atRunTime = 'shown by the running system, not by its manifests';
