// Everything that makes a text more convenient to read. A server joins these files into one (config/static_files.py).
import "./reading/contents.js";
import "./reading/scrolling.js";
import "./reading/copying.js";
import "./reading/images.js";
import "./reading/place.js";
import "./checks.js";
