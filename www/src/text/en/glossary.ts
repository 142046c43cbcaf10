// English definitions of terms, one sentence each, shown where a term first appears.

export const enTerms = {
  stream: 'The residual stream is the token’s vector on its way up; each layer reads it and adds to it.',
  bos: 'The start mark, the first token, is put before every text by the tokenizer.',
  latent: 'The latent, c_KV, is the token compressed: from it keys and values of all heads can be rebuilt.',
  ropeKey: 'The RoPE key is the part of a key that knows its position; all heads share it.',
  plainMha: 'Plain multi-head attention keeps a key and a value for each head. Nobody trained this model so.',
  cache: 'The cache is what a layer keeps of each token, so that later tokens can read it.',
  attention: 'Attention weights say how much of what a head reads comes from which token; they add up to 1.',
  head: 'A head is one of the layer’s readers: it has a query of its own, and reads all tokens so far by its own weights.',
  absorbed:
    'Absorbed: instead of rebuilding each token’s key from its latent, the key projection is applied once, to the query.',
  expanded:
    'The expanded cache keeps every head’s keys and values. It is computed here only to compare; the latent one is read.',
  shared: 'The shared expert runs for every token; it is neither chosen nor weighed.',
  part:
    'The part of the sum is an output’s projection on the sum, over the sum’s length: all parts make 1, and one that ' +
    'works against the rest is below 0.',
  weight: 'A weight is what a chosen expert’s output is multiplied by: its score, normalised and scaled.',
  logit: 'A logit is a raw number before it becomes a probability or a score.',
  normalise: 'To normalise is to bring a vector to a standard length (RMSNorm), so that its direction is what counts.',
  norm: 'The norm is a vector’s length: the root of the sum of its squares.',
  whatIf: 'Both runs read the same tokens; only the model differs by what is changed here.',
  loss: 'The loss of a token is minus the binary logarithm of the probability that the model gave it: bits of surprise.',
  router: 'The router scores each expert and chooses those that run.',
  score: 'A score is what the router thinks of an expert: the sigmoid of its logit (DeepSeek-V2: the softmax).',
  group: 'Experts stand in groups; only the best groups’ experts can be chosen.',
  cut: 'A group is cut where others have better scores: none of its experts can be chosen.',
  expert: 'An expert is a small network; a token runs only the chosen ones.',
  share: 'A share is a chosen expert’s part of the weights, from 0 to 1.',
  load: 'The load is how many of the tokens so far chose an expert.',
  uniform: 'The uniform line is what every expert would have if all had as many.',
  maxVio: 'MaxVio is the largest load over the uniform one, less 1: 0 is balanced.',
  together: 'Co-activation: how often two experts were chosen by the same token, all pairs counted.',
};
