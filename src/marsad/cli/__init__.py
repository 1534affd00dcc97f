"""Commands. Each core runs a process of its own: a linear algebra library that started threads in each of
them would have them wait for each other (three times slower with two cores)."""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
