//! What becomes of features, rule by rule.
