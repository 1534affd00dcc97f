"""Training of the classifiers that learn, and the measure of all of them."""
