"""Matching: how well an open ad fits what a person says, with the reasons."""
