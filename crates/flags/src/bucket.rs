//! Where a unit stands between 0 and 100,000: the algorithms, none of which ever changes its meaning.
