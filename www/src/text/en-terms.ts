// What the terms mean that the short texts beside the views use, in English: a sentence each, where a term is first met.

export const enTerms = {
  router: 'The router scores each expert and chooses those that run.',
  score: 'A score is what the router thinks of an expert: the sigmoid of its logit (DeepSeek-V2: the softmax).',
  group: 'Experts stand in groups; only the best groups’ experts can be chosen.',
  expert: 'An expert is a small network; a token runs only the chosen ones.',
  share: 'A share is a chosen expert’s part of the weights, from 0 to 1.',
  load: 'The load is how many of the tokens so far chose an expert.',
  uniform: 'The uniform line is what every expert would have if all had as many.',
  maxVio: 'MaxVio is the largest load over the uniform one, less 1: 0 is balanced.',
  together: 'Co-activation: how often two experts were chosen by the same token, all pairs counted.',
};
