//! Whatever comes in, an import ends with flags that compile, and names those that do not.
