"""Side by side with peers: agreement is asserted before anything is timed."""

import os

# Threads are pinned before numpy is imported anywhere, so that ratios compare algorithms.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
