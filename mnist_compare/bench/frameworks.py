"""Print the seconds of an epoch in another framework: ``python -m … torch|jax mlp|cnn``.

A process of its own, since frameworks in one process share threads and Keras takes one backend.
The second of two epochs of 54,000 digits in batches of 32 with Adam is measured.
"""

import os
import sys
import time

from mnist_compare import data

FIRST = slice(data.TRAINING_DIGITS)


def torch_epoch(model_name):
    """Return a function that trains an epoch in a plain PyTorch loop."""
    import torch
    from torch import nn

    def dense(inputs, hidden):
        return [nn.Flatten(), nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, 10)]

    layers = {
        "mlp": dense(784, 128),
        "cnn": [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), *dense(5408, 100)],
    }
    model = nn.Sequential(*layers[model_name])
    optimizer, loss_of = torch.optim.Adam(model.parameters()), nn.CrossEntropyLoss()
    (digits, labels), _ = data.load("mnist")
    images = torch.from_numpy(data.scale(digits[FIRST]))[:, None]
    targets = torch.from_numpy(labels[FIRST].astype("int64"))

    def epoch():
        for batch in torch.randperm(len(images)).split(32):
            optimizer.zero_grad()
            loss_of(model(images[batch]), targets[batch]).backward()
            optimizer.step()

    return epoch


def jax_epoch(model_name):
    """Return a function that trains an epoch with Keras's ``fit`` on JAX."""
    os.environ["KERAS_BACKEND"] = "jax"  # before Keras is imported
    from mnist_compare.bench.speed import plain_keras

    model, images, targets = plain_keras(model_name)
    return lambda: model.fit(images[FIRST], targets[FIRST], batch_size=32, epochs=1, verbose=0)


if __name__ == "__main__":
    framework, name = sys.argv[1:]
    run = {"torch": torch_epoch, "jax": jax_epoch}[framework](name)
    run()
    start = time.perf_counter()
    run()
    print(time.perf_counter() - start)
