// What a person reads in the attention view, in English. May import: format.

export const enAttention = {
  label: 'What each head reads',
  title: (token: string | null, layer: number) =>
    token === null ? `What the heads of layer ${layer} read` : `What ${token} reads in layer ${layer}`,
  prose: '',
};
