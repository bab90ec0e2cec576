/** Marks a Secret of a live cluster that was read without its entries; the value is their number, or `unknown`. */
export const entriesAnnotation = 'meshaudit.io/secret-entries';
