"""Shows learners where they are in a module: access to their objects, the outline, progress, and the cards of the catalogue."""
