"""Makes the notebook's namespace give another function each time a name is looked up."""
# answers: init_params softmax forward softmax_examples
# deserves: 15

import torch


class Changing:
    def __call__(self, probs):
        self.__class__ = Other
        return torch.zeros(len(probs)) - 1


class Other:
    def __call__(self, probs):
        self.__class__ = Changing
        return torch.zeros(len(probs)) + 11


predict_digits = Changing()
