"""Print the seconds of an epoch in another framework: ``python -m … torch|jax mlp|cnn``.

A process of its own, since frameworks in one process share threads and Keras takes one backend.
The second of two epochs of 54,000 digits in batches of 32 with Adam is measured.
"""

import os
import sys
import time

from mnist_compare import data


def torch_epoch(model_name):
    """Return a function that trains an epoch in a plain PyTorch loop."""
    import torch
    from torch import nn

    layers = {
        "mlp": [nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)],
        "cnn": [
            nn.Conv2d(1, 32, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(5408, 100),
            nn.ReLU(),
            nn.Linear(100, 10),
        ],
    }
    model = nn.Sequential(*layers[model_name])
    optimizer, loss_of = torch.optim.Adam(model.parameters()), nn.CrossEntropyLoss()
    (digits, labels), _ = data.load_mnist()
    images = torch.from_numpy(data.scale(digits[: data.TRAINING_DIGITS]))[:, None]
    targets = torch.from_numpy(labels[: data.TRAINING_DIGITS].astype("int64"))

    def epoch():
        order = torch.randperm(len(images))
        for batch in order.split(32):
            optimizer.zero_grad()
            loss_of(model(images[batch]), targets[batch]).backward()
            optimizer.step()

    return epoch


def jax_epoch(model_name):
    """Return a function that trains an epoch with Keras's ``fit`` on JAX."""
    os.environ["KERAS_BACKEND"] = "jax"
    from mnist_compare.bench import plain_keras

    model, images, targets = plain_keras(model_name)
    first = slice(data.TRAINING_DIGITS)
    return lambda: model.fit(images[first], targets[first], batch_size=32, epochs=1, verbose=0)


if __name__ == "__main__":
    framework, name = sys.argv[1:]
    run = {"torch": torch_epoch, "jax": jax_epoch}[framework](name)
    run()
    start = time.perf_counter()
    run()
    print(time.perf_counter() - start)
