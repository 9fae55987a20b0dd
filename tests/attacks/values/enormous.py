"""Answers a question for a value with ten million numbers, on which every wrong version would work."""
# answers: init_params softmax forward predict_digits
# deserves: 13

import torch

softmax_examples = [(torch.zeros(3000, 3000), torch.full((3000, 3000), 1 / 3000))] * 12
