// What a person reads in the cache view, in English. May import: format.

export const enCache = {
  label: 'What is kept of each token',
  title: (token: string | null, layer: number) =>
    token === null ? `What layer ${layer} keeps` : `What layer ${layer} keeps, up to ${token}`,
  prose: '',
};
