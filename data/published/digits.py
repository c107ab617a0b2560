"""Handwritten digits, 8×8: the small real data set that scikit-learn brings along."""

from __future__ import annotations

import numpy as np

from data.dataset import Dataset, Split
from data.request import TEST_SHARE, VALIDATION_SHARE, Request
from data.splits import stratified_split


def load(request: Request) -> Dataset:
    """1,797 grey images of 8×8 pixels, ten classes; values in [0, 1].

    The test set is a stratified fifth, drawn first; of the rest, `validation_size` images (by default as
    many as the test set) validate and `train_size` images (by default all that are left) train.

    Raises:
        DatasetSizeError: if the two sizes exceed what is left beside the test set.
    """
    request.only_options("digits")
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    test_size = round(TEST_SHARE * len(labels))
    train_size, validation_size = request.sizes(
        "digits", len(labels) - test_size, default_validation=round(VALIDATION_SHARE * len(labels))
    )
    x = (pixels.reshape(-1, 8, 8, 1) / 16.0).astype(np.float32)
    y = labels.astype(np.int64)
    test, validation, train = stratified_split(y, (test_size, validation_size, train_size), seed=request.seed)
    return Dataset(
        name="digits",
        input_shape=(8, 8, 1),
        num_classes=10,
        class_names=tuple("0123456789"),
        train=Split(x[train], y[train]),
        validation=Split(x[validation], y[validation]),
        test=Split(x[test], y[test]),
        description="Handwritten digits, 8×8 pixels, 16 grey levels",
        source="E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI Machine Learning "
        "Repository, CC BY 4.0; the test part of it, bundled with scikit-learn",
    )
