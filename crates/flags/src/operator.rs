//! What conditions compare: versions, networks, moments, numbers in texts.
