/** Pages of a package that stand beside those of the top bar. */
export const match = (page: string): boolean => ['live', 'setup'].includes(page);
