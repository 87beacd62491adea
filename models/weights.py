"""A version's weights as PyTorch has them: what training goes on from, and every export begins with."""

from __future__ import annotations

import copy
from dataclasses import asdict, fields
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes

from models.card import NetworkShape
from models.durable import write_durably
from models.network import Network, NetworkConfig
from models.versions import WEIGHTS, BadVersion, Version, first_line


def load_network(version: Version) -> Network:
    """The network with a version's weights, folded, in evaluation mode.

    Raises:
        BadVersion: the weights are missing, no safetensors, or of other shapes than the card says.
    """
    return read_weights(version.path / WEIGHTS, version.card.network)


def read_weights(path: Path, shape: NetworkShape) -> Network:
    """As `load_network`, from a file."""
    network = Network(config_of(shape))
    try:
        network.load_state_dict({name: tensor.float() for name, tensor in load_file(path).items()})
    except (OSError, SafetensorError) as error:
        raise BadVersion(f"{path} is missing or no safetensors file ({first_line(error)}).") from error
    except RuntimeError as error:
        raise BadVersion(f"{path} does not fit its card ({first_line(error)}).") from error
    if not all(bool(torch.isfinite(tensor).all()) for tensor in network.state_dict().values()):
        raise BadVersion(f"{path} holds weights that are not numbers.")
    return network.eval()


def write_weights(network: Network, folder: Path) -> Network:
    """Write the weights of a folded network into `folder`, in half precision; the network as it is on disk now.

    Raises OSError where the disk does not take them.
    """
    weights = {name: tensor.detach().to(torch.float16).contiguous() for name, tensor in network.state_dict().items()}
    # safetensors' own writer hides what the system said, such as that the disk is full.
    write_durably(to_bytes(weights), folder / WEIGHTS)
    return read_weights(folder / WEIGHTS, shape_of(network))


def rounded(network: Network) -> Network:
    """The network with weights as they are saved, in half precision: what is measured is what is kept."""
    copied = copy.deepcopy(network)
    copied.load_state_dict({name: value.half().float() for name, value in network.state_dict().items()})
    return copied.eval()


def shape_of(network: Network) -> NetworkShape:
    """The shape that a card says of `network`."""
    return NetworkShape.model_validate(asdict(network.config))


def config_of(shape: NetworkShape) -> NetworkConfig:
    """What a network of a card's shape is built from."""
    return NetworkConfig(**{field.name: getattr(shape, field.name) for field in fields(NetworkConfig)})
