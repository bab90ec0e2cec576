export const binary: string;
export const version: string;
