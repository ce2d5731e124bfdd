"""What a network costs: the multiplications and additions of reading and of training."""

import math

# Layers whose kernels multiply, and layers with weights that do not sum.
MULTIPLYING = {
    *("Dense", "Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D"),
    *("SeparableConv1D", "SeparableConv2D"),
    *("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
}
NORMALIZING = {
    *("BatchNormalization", "LayerNormalization", "GroupNormalization", "Normalization"),
    *("UnitNormalization", "RMSNormalization", "PReLU"),
}


def operations(model) -> int | None:
    """Return the multiplications and additions to read one digit: two for each use of a weight.

    Biases and what normalizes are not counted. None is returned where a layer has weights of which
    this does not know how they are used.
    """
    counts = [_operations(layer) for layer in model.layers]
    return None if None in counts else sum(counts)


def training_operations(model) -> int:
    """Return the multiplications and additions of training on one digit.

    They are those of the forward pass, of the gradient for the weights and, except in the first
    layer with weights, of the gradient for the layer's input.
    """
    first, *later = filter(None, map(_operations, model.layers))
    return 2 * first + 3 * sum(later)


def _operations(layer):
    kind = type(layer).__name__
    if not layer.weights or kind in NORMALIZING:
        return 0
    if kind not in MULTIPLYING or len(layer._inbound_nodes) > 1:  # another model, or shared
        return None
    # Where each weight is used once: places of the output, but of the input if it is spread.
    shape = (layer.input if kind.endswith("Transpose") else layer.output).shape
    channels_first = getattr(layer, "data_format", "") == "channels_first"
    places = shape[2:] if channels_first else shape[1:-1]
    if None in places:
        return None
    used = sum(math.prod(weight.shape) for weight in layer.weights if "kernel" in weight.name)
    return 2 * used * math.prod(places)
