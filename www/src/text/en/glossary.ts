// English definitions of terms, one or two sentences each, shown where a term first appears.

export const enTerms = {
  stream:
    'The residual stream is the vector that carries a token through the layers; each layer reads it and adds to it.',
  bos: 'The marker is the first token; the tokenizer puts it before every text.',
  latent: 'The latent, c_KV, is a compressed token: the keys and values of all heads can be rebuilt from it.',
  ropeKey: 'The RoPE key is the part of a key that depends on the token’s position; all heads share it.',
  plainMha: 'Plain multi-head attention stores a key and a value for each head. This model was not trained this way.',
  cache: 'The cache is what a layer stores for each token, so that later tokens can read it.',
  attention:
    'An attention weight says how much of what a head reads comes from one token; the weights of a head add up to 1.',
  head: 'The attention of a layer has several heads. Each head has its own query and gives every token so far its own weight.',
  absorbed:
    'Absorbed: the key projection is applied once, to the query, instead of rebuilding each token’s key from its latent.',
  expanded:
    'The expanded cache stores every head’s keys and values. It is computed here only to compare; attention reads the latent one.',
  shared: 'The shared expert runs for every token; it is neither chosen nor weighted.',
  part:
    'An output’s part of the sum says how much it contributes to the sum of all weighted outputs: its weighted output, projected on the sum, as a fraction of the sum’s length. ' +
    'All parts add up to 1; an output that points against the sum has a negative part.',
  weight: 'A weight is the factor that a chosen expert’s output is multiplied by: its score, normalised and scaled.',
  logit: 'A logit is a raw number before it becomes a probability or a score.',
  normalise: 'To normalise is to scale a vector to a standard length (RMSNorm), so that only its direction counts.',
  norm: 'The norm is a vector’s length: the square root of the sum of its squares.',
  whatIf: 'Both runs read the same tokens; they differ only by the change that is made here.',
  loss: 'The loss of a token is minus the binary logarithm of the probability that the model gave it: bits of surprise.',
  router: 'The router scores each expert and chooses those that run.',
  score: 'A score is the router’s rating of an expert: the sigmoid of its logit (DeepSeek-V2: the softmax).',
  group:
    'Experts are divided into groups; only experts of the best groups can be chosen. In DeepSeek-V3 this is node-limited ' +
    'routing: the experts of a group are on one node, 4 of 8 groups are kept, so a token is sent to at most 4 nodes.',
  cut: 'A group is ruled out if other groups have better scores: none of its experts can be chosen for this token.',
  expert: 'An expert is a small network; for each token only the chosen ones run.',
  share:
    'A share is a chosen expert’s score divided by the sum of all chosen experts’ scores, or the score itself in a model ' +
    'that does not normalise scores.',
  load: 'The load of an expert is the number of tokens so far that chose it.',
  uniform: 'The uniform line is the load of each expert if all were chosen equally often.',
  maxVio: 'MaxVio is the largest load divided by the uniform load, minus 1; 0 means balanced.',
  chance:
    'By chance: the MaxVio of a router that chooses at random, with as many experts and groups and as many tokens; ' +
    'its mean ± its standard deviation, from a simulation. Tokens of one text depend on each other, ' +
    'so the MaxVio of a text can be above this range even with a balanced router.',
  together: 'Co-activation is how often two experts were chosen by the same token; all pairs are counted.',
};
