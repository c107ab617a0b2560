"""The user's own data: folders of images and sounds, arrays, tables."""
