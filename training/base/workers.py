"""The processes that train together, each started by `torchrun`; without it there is one."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.distributed_c10d import PrefixStore
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

from training.arithmetic import best_device

PATIENCE = timedelta(hours=24)
"""The others wait as long while the first prepares the data. A worker that dies ends the wait at once."""


@dataclass(frozen=True)
class Workers:
    """All workers as one of them sees them: its number (`rank`), how many they are, and what it computes on."""

    rank: int
    count: int
    device: torch.device

    @property
    def first(self) -> bool:
        """Whether this one speaks and writes for all."""
        return self.rank == 0

    def share(self, parts: int) -> range:
        """Which of so many parts of a batch are this worker's."""
        each = parts // self.count
        return range(self.rank * each, (self.rank + 1) * each)

    def wrapped(self, network: nn.Module) -> nn.Module:
        """The network, its gradients averaged over all workers at the end of each backward pass."""
        if self.count == 1:
            return network
        ids = [self.device.index] if self.device.type == "cuda" else None
        with warnings.catch_warnings():
            # The name that comes after it is not known to the oldest PyTorch that will do.
            warnings.filterwarnings("ignore", "`broadcast_buffers` is deprecated", FutureWarning)
            return DistributedDataParallel(network, device_ids=ids, broadcast_buffers=False)

    def own_gradients(self, network: nn.Module) -> AbstractContextManager[None]:
        """Within it, a `wrapped` network's gradients add up in each worker alone."""
        return network.no_sync() if isinstance(network, DistributedDataParallel) else nullcontext()

    def mean(self, values: Tensor) -> Tensor:
        """The mean of a tensor over the workers."""
        if self.count > 1:
            dist.all_reduce(values)
            values /= self.count
        return values

    def wait(self) -> None:
        """Until every worker has come here."""
        if self.count > 1:
            dist.barrier()


@contextmanager
def joined() -> Iterator[Workers]:
    """This process among the workers that `torchrun` started: NCCL between graphics cards, else gloo."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield Workers(0, 1, best_device())
        return
    on_cuda = torch.cuda.is_available() and os.environ.get("MIEN_DEVICE", "cuda").startswith("cuda")
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if on_cuda else torch.device("cpu")
    if on_cuda:
        torch.cuda.set_device(device)
    store, rank, _ = next(rendezvous("env://"))
    # After a restart the store still has the addresses of the workers that died: each life has a part of its own.
    own = PrefixStore(f"life {os.environ.get('TORCHELASTIC_RESTART_COUNT', '0')}", store)
    kind = "nccl" if on_cuda else "gloo"
    dist.init_process_group(kind, timeout=PATIENCE, store=own, rank=rank, world_size=count)
    try:
        yield Workers(rank, count, device)
    finally:
        dist.destroy_process_group()
