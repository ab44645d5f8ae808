"""Writes the examples that are too long to be written by hand: ``python -m`` this module.

Each function is one published graph, in the order and with the names of its source, so that both
can be read side by side.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engine.saving.network_json import network_to_text

FOLDER = Path(__file__).parent

Record = dict[str, Any]

TORCH_PICTURE = {"mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225]}
"""What torchvision's networks were trained with."""

CAFFE_PICTURE = {"channel_order": "bgr", "scale": 255, "mean": [103.939, 116.779, 123.68]}
"""What Keras' VGG and ResNet were trained with."""

SLIM_PICTURE = {"scale": 255, "mean": [123.68, 116.779, 103.939]}
"""What TF-slim's networks were trained with."""

KERAS_RESNET_EPSILON = 1.001e-5


class Graph:
    """Layers in order; each reads the one before unless told otherwise."""

    def __init__(self, preprocess: Record) -> None:
        self.layers: list[Record] = []
        self.last = "input"
        self.add("preprocess", "preprocess", **preprocess)

    def add(
        self, node_id: str, kind: str, inputs: Sequence[str] | None = None, **settings: Any
    ) -> str:
        """Add a layer and return its id."""
        record: Record = {"kind": kind, "id": node_id}
        if settings:
            record["settings"] = settings
        if inputs is not None and list(inputs) != [self.last]:
            record["inputs"] = list(inputs)
        self.layers.append(record)
        self.last = node_id
        return node_id

    def normalized(self, node_id: str, norm_id: str, filters: int, kernel: int, **rest: Any) -> str:
        """Add a convolution without bias and its batch normalization."""
        inputs = rest.pop("inputs", None)
        self.add(
            node_id, "conv2d", inputs, out_channels=filters, kernel_size=kernel, **rest, bias=False
        )
        return self.add(norm_id, "batch_norm2d")


def described(name: str, about: str, graph: Graph, size: int = 224) -> Record:
    """Return a network's file."""
    return {
        "format": "convolens-network",
        "version": 1,
        "name": name,
        "about": about,
        "input": {"mode": "crop", "height": size, "width": size},
        "sample": "scene.png",
        "layers": graph.layers,
    }


def alexnet() -> Record:
    """torchvision.models.alexnet."""
    graph = Graph(TORCH_PICTURE)
    graph.add("features.0", "conv2d", out_channels=64, kernel_size=11, stride=4, padding=2)
    graph.add("features.1", "relu")
    graph.add("features.2", "max_pool2d", kernel_size=3, stride=2)
    graph.add("features.3", "conv2d", out_channels=192, kernel_size=5, padding=2)
    graph.add("features.4", "relu")
    graph.add("features.5", "max_pool2d", kernel_size=3, stride=2)
    for place, filters in ((6, 384), (8, 256), (10, 256)):
        graph.add(f"features.{place}", "conv2d", out_channels=filters, kernel_size=3, padding=1)
        graph.add(f"features.{place + 1}", "relu")
    graph.add("features.12", "max_pool2d", kernel_size=3, stride=2)
    graph.add("avgpool", "adaptive_average_pool2d", output_size=6)
    graph.add("flatten", "flatten")
    graph.add("classifier.0", "dropout", rate=0.5)
    graph.add("classifier.1", "dense", out_features=4096)
    graph.add("classifier.2", "relu")
    graph.add("classifier.3", "dropout", rate=0.5)
    graph.add("classifier.4", "dense", out_features=4096)
    graph.add("classifier.5", "relu")
    graph.add("classifier.6", "dense", out_features=1000)
    return described(
        "AlexNet (torchvision)",
        "The network that began it all in 2012, in torchvision's one-column form: its first "
        "window is 11 × 11 and moves by 4.",
        graph,
    )


def alexnet_v2() -> Record:
    """TF-slim, nets/alexnet.py, alexnet_v2."""
    graph = Graph(SLIM_PICTURE)
    graph.add("conv1", "conv2d", out_channels=64, kernel_size=11, stride=4)
    graph.add("conv1/relu", "relu")
    graph.add("pool1", "max_pool2d", kernel_size=3, stride=2)
    graph.add("conv2", "conv2d", out_channels=192, kernel_size=5, padding="same")
    graph.add("conv2/relu", "relu")
    graph.add("pool2", "max_pool2d", kernel_size=3, stride=2)
    for number, filters in ((3, 384), (4, 384), (5, 256)):
        graph.add(f"conv{number}", "conv2d", out_channels=filters, kernel_size=3, padding="same")
        graph.add(f"conv{number}/relu", "relu")
    graph.add("pool5", "max_pool2d", kernel_size=3, stride=2)
    graph.add("fc6", "conv2d", out_channels=4096, kernel_size=5)
    graph.add("fc6/relu", "relu")
    graph.add("dropout6", "dropout", rate=0.5)
    graph.add("fc7", "conv2d", out_channels=4096, kernel_size=1)
    graph.add("fc7/relu", "relu")
    graph.add("dropout7", "dropout", rate=0.5)
    graph.add("fc8", "conv2d", out_channels=1000, kernel_size=1)
    return described(
        "AlexNet v2 (TF-slim)",
        "AlexNet with a first convolution that pads nothing, and with convolutions in place of the "
        "dense layers, so that it runs on larger pictures too.",
        graph,
    )


def vgg_16_features() -> Graph:
    """Keras, applications/vgg16.py, without its top."""
    graph = Graph(CAFFE_PICTURE)
    for block, (convolutions, filters) in enumerate(
        ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)), start=1
    ):
        for number in range(1, convolutions + 1):
            name = f"block{block}_conv{number}"
            graph.add(name, "conv2d", out_channels=filters, kernel_size=3, padding="same")
            graph.add(f"{name}_relu", "relu")
        graph.add(f"block{block}_pool", "max_pool2d", kernel_size=2, stride=2)
    return graph


def vgg_16() -> Record:
    """Keras, applications/vgg16.py, include_top=False."""
    return described(
        "VGG-16, convolutions",
        "Thirteen 3 × 3 convolutions and five poolings: each pooling halves the size, and the "
        "receptive field grows to 212 of 224 pixels.",
        vgg_16_features(),
    )


def vgg_16_classifier() -> Record:
    """Keras, applications/vgg16.py."""
    graph = vgg_16_features()
    graph.add("flatten", "flatten", order="channels_last")
    for name in ("fc1", "fc2"):
        graph.add(name, "dense", out_features=4096)
        graph.add(f"{name}_relu", "relu")
    graph.add("predictions", "dense", out_features=1000)
    graph.add("predictions_softmax", "softmax")
    return described(
        "VGG-16, with classifier",
        "The whole of VGG-16 (Keras): the first dense layer alone holds 103 of its 138 million "
        "parameters, 550 MB of memory in all.",
        graph,
    )


def resnet_18() -> Record:
    """torchvision.models.resnet18."""
    graph = Graph(TORCH_PICTURE)
    graph.normalized("conv1", "bn1", 64, 7, stride=2, padding=3)
    graph.add("relu", "relu")
    last = graph.add("maxpool", "max_pool2d", kernel_size=3, stride=2, padding=1)
    for stage, filters in enumerate((64, 128, 256, 512), start=1):
        for block in range(2):
            name = f"layer{stage}.{block}"
            stride = 2 if stage > 1 and block == 0 else 1
            graph.normalized(
                f"{name}.conv1", f"{name}.bn1", filters, 3,
                inputs=[last], **_stride(stride), padding=1,
            )  # fmt: skip
            graph.add(f"{name}.relu1", "relu")
            path = graph.normalized(f"{name}.conv2", f"{name}.bn2", filters, 3, padding=1)
            if stride > 1:
                last = graph.normalized(
                    f"{name}.downsample.0", f"{name}.downsample.1", filters, 1,
                    inputs=[last], **_stride(stride),
                )  # fmt: skip
            graph.add(f"{name}.add", "add", [path, last])
            last = graph.add(f"{name}.relu2", "relu")
    graph.add("avgpool", "global_average_pool2d")
    graph.add("fc", "dense", out_features=1000)
    return described(
        "ResNet-18 (torchvision)",
        "Residual blocks: each adds its input to what two convolutions make of it.",
        graph,
    )


def resnet_50() -> Record:
    """torchvision.models.resnet50."""
    graph = Graph(TORCH_PICTURE)
    graph.normalized("conv1", "bn1", 64, 7, stride=2, padding=3)
    graph.add("relu", "relu")
    last = graph.add("maxpool", "max_pool2d", kernel_size=3, stride=2, padding=1)
    for stage, blocks in enumerate((3, 4, 6, 3), start=1):
        filters = 32 * 2**stage
        for block in range(blocks):
            name = f"layer{stage}.{block}"
            stride = 2 if stage > 1 and block == 0 else 1
            graph.normalized(f"{name}.conv1", f"{name}.bn1", filters, 1, inputs=[last])
            graph.add(f"{name}.relu1", "relu")
            graph.normalized(
                f"{name}.conv2", f"{name}.bn2", filters, 3, **_stride(stride), padding=1
            )
            graph.add(f"{name}.relu2", "relu")
            path = graph.normalized(f"{name}.conv3", f"{name}.bn3", 4 * filters, 1)
            if block == 0:
                last = graph.normalized(
                    f"{name}.downsample.0", f"{name}.downsample.1", 4 * filters, 1,
                    inputs=[last], **_stride(stride),
                )  # fmt: skip
            graph.add(f"{name}.add", "add", [path, last])
            last = graph.add(f"{name}.relu3", "relu")
    graph.add("avgpool", "global_average_pool2d")
    graph.add("fc", "dense", out_features=1000)
    return described(
        "ResNet-50 (torchvision)",
        "Bottleneck blocks; each stage halves the size in the 3 × 3 convolution of its first "
        "block, and the receptive field is 427 pixels.",
        graph,
    )


def resnet_50_keras() -> Record:
    """Keras, applications/resnet.py, ResNet50."""
    graph = Graph(CAFFE_PICTURE)

    def normalized(name: str, filters: int, kernel: int, **rest: Any) -> str:
        inputs = rest.pop("inputs", None)
        graph.add(
            f"{name}_conv", "conv2d", inputs, out_channels=filters, kernel_size=kernel, **rest
        )
        return graph.add(f"{name}_bn", "batch_norm2d", epsilon=KERAS_RESNET_EPSILON)

    graph.add("conv1_pad", "zero_padding2d", padding=3)
    normalized("conv1", 64, 7, stride=2)
    graph.add("conv1_relu", "relu")
    graph.add("pool1_pad", "zero_padding2d", padding=1)
    last = graph.add("pool1_pool", "max_pool2d", kernel_size=3, stride=2)
    for stage, blocks in enumerate((3, 4, 6, 3), start=2):
        filters = 16 * 2**stage
        for block in range(1, blocks + 1):
            name = f"conv{stage}_block{block}"
            stride = 2 if stage > 2 and block == 1 else 1
            shortcut = last
            if block == 1:
                shortcut = normalized(f"{name}_0", 4 * filters, 1, **_stride(stride))
            normalized(f"{name}_1", filters, 1, inputs=[last], **_stride(stride))
            graph.add(f"{name}_1_relu", "relu")
            normalized(f"{name}_2", filters, 3, padding="same")
            graph.add(f"{name}_2_relu", "relu")
            path = normalized(f"{name}_3", 4 * filters, 1)
            graph.add(f"{name}_add", "add", [shortcut, path])
            last = graph.add(f"{name}_out", "relu")
    graph.add("avg_pool", "global_average_pool2d")
    graph.add("predictions", "dense", out_features=1000)
    graph.add("predictions_softmax", "softmax")
    return described(
        "ResNet-50 (Keras)",
        "The same blocks with the stride in the first 1 × 1 convolution: three of four values are "
        "never read there, and the receptive field is 483 pixels.",
        graph,
    )


def resnet_v1_50_slim() -> Record:
    """TF-slim, nets/resnet_v1.py, resnet_v1_50 with its bottlenecks of resnet_utils.py."""
    graph = Graph(SLIM_PICTURE)
    # conv2d_same pads by itself where the stride is not 1, so that sizes do not depend on it.
    graph.normalized("conv1", "conv1/BatchNorm", 64, 7, stride=2, padding=3)
    graph.add("conv1/relu", "relu")
    last = graph.add("pool1", "max_pool2d", kernel_size=3, stride=2, padding="same")
    for stage, units in enumerate((3, 4, 6, 3), start=1):
        filters = 32 * 2**stage
        for unit in range(1, units + 1):
            name = f"block{stage}/unit_{unit}"
            stride = 2 if stage < 4 and unit == units else 1
            shortcut = last
            if unit == 1:
                shortcut = graph.normalized(
                    f"{name}/shortcut", f"{name}/shortcut/BatchNorm", 4 * filters, 1
                )
            elif stride > 1:
                shortcut = graph.add(f"{name}/shortcut", "max_pool2d", kernel_size=1, stride=stride)
            graph.normalized(f"{name}/conv1", f"{name}/conv1/BatchNorm", filters, 1, inputs=[last])
            graph.add(f"{name}/conv1/relu", "relu")
            graph.normalized(
                f"{name}/conv2", f"{name}/conv2/BatchNorm", filters, 3,
                **_stride(stride), padding=1,
            )  # fmt: skip
            graph.add(f"{name}/conv2/relu", "relu")
            path = graph.normalized(f"{name}/conv3", f"{name}/conv3/BatchNorm", 4 * filters, 1)
            graph.add(f"{name}/add", "add", [shortcut, path])
            last = graph.add(f"{name}/relu", "relu")
    graph.add("pool5", "global_average_pool2d")
    graph.add("logits", "conv2d", out_channels=1000, kernel_size=1)
    return described(
        "ResNet-v1-50 (TF-slim)",
        "The same blocks with the stride in each stage's last unit; pooling with padding same on "
        "an even size puts its odd pixel at the end.",
        graph,
    )


def mobilenet_v2() -> Record:
    """torchvision.models.mobilenet_v2."""
    graph = Graph(TORCH_PICTURE)
    graph.normalized("features.0.0", "features.0.1", 32, 3, stride=2, padding=1)
    last = graph.add("features.0.2", "relu6")
    channels, place = 32, 0
    for expansion, filters, repeats, first_stride in (
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
        (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ):  # fmt: skip
        for repeat in range(repeats):
            place += 1
            stride = first_stride if repeat == 0 else 1
            name, source, step = f"features.{place}.conv", last, 0
            if expansion > 1:
                graph.normalized(f"{name}.0.0", f"{name}.0.1", expansion * channels, 1)
                graph.add(f"{name}.0.2", "relu6")
                step = 1
            graph.add(
                f"{name}.{step}.0", "depthwise_conv2d",
                kernel_size=3, **_stride(stride), padding=1, bias=False,
            )  # fmt: skip
            graph.add(f"{name}.{step}.1", "batch_norm2d")
            graph.add(f"{name}.{step}.2", "relu6")
            last = graph.normalized(f"{name}.{step + 1}", f"{name}.{step + 2}", filters, 1)
            if stride == 1 and channels == filters:
                last = graph.add(f"features.{place}.add", "add", [source, last])
            channels = filters
    graph.normalized("features.18.0", "features.18.1", 1280, 1)
    graph.add("features.18.2", "relu6")
    graph.add("avgpool", "global_average_pool2d")
    graph.add("classifier.0", "dropout", rate=0.2)
    graph.add("classifier.1", "dense", out_features=1000)
    return described(
        "MobileNetV2 (torchvision)",
        "Made for telephones: a 1 × 1 convolution widens, a depthwise one looks around, a 1 × 1 "
        "narrows again. 3.5 million parameters.",
        graph,
    )


def u_net() -> Record:
    """Ronneberger, Fischer and Brox 2015, smaller, and padded so that sizes agree."""
    graph = Graph({"grayscale": True})
    skips = []

    def twice(name: str, filters: int) -> str:
        for number in (1, 2):
            graph.add(
                f"{name}_conv{number}", "conv2d",
                out_channels=filters, kernel_size=3, padding="same",
            )  # fmt: skip
            last = graph.add(f"{name}_relu{number}", "relu")
        return last

    for level, filters in enumerate((8, 16, 32), start=1):
        skips.append((level, filters, twice(f"down{level}", filters)))
        graph.add(f"down{level}_pool", "max_pool2d", kernel_size=2)
    twice("bottom", 64)
    for level, filters, skip in reversed(skips):
        up = graph.add(
            f"up{level}", "conv_transpose2d", out_channels=filters, kernel_size=2, stride=2
        )
        graph.add(f"up{level}_join", "concatenate", [skip, up])
        twice(f"up{level}", filters)
    graph.add("mask", "conv2d", out_channels=1, kernel_size=1)
    graph.add("mask_sigmoid", "sigmoid")
    return described(
        "U-Net, small",
        "Down to see far, up again to the picture's size; on the way up each level is joined with "
        "the maps of its own size, which still know where things were.",
        graph,
    )


def _stride(stride: int) -> Record:
    """Return the setting where it differs from the default."""
    return {"stride": stride} if stride > 1 else {}


MADE: dict[str, Callable[[], Record]] = {
    "alexnet": alexnet,
    "alexnet-v2": alexnet_v2,
    "vgg-16": vgg_16,
    "vgg-16-classifier": vgg_16_classifier,
    "resnet-18": resnet_18,
    "resnet-50": resnet_50,
    "resnet-50-keras": resnet_50_keras,
    "resnet-v1-50-slim": resnet_v1_50_slim,
    "mobilenet-v2": mobilenet_v2,
    "u-net": u_net,
}
"""The examples that are written here, by name."""

if __name__ == "__main__":
    for example, make in MADE.items():
        (FOLDER / f"{example}.json").write_text(
            network_to_text(make()), encoding="utf-8", newline="\n"
        )
