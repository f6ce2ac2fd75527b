//! The nearest of the known names, for messages about unknown ones.

/// The name among `known` that `name` was probably meant to be.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let limit = (name.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Edits between two texts: insertions, deletions, substitutions and swaps of neighbours
/// (optimal string alignment, after Damerau), ignoring case.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let substituted = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = substituted.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn typos_find_their_name() {
        let known = ["default", "env", "env_prefix", "rename", "reload"];
        assert_eq!(nearest("defualt", known), Some("default"));
        assert_eq!(nearest("envprefix", known), Some("env_prefix"));
        assert_eq!(nearest("ENV", known), Some("env"));
    }

    #[test]
    fn far_names_find_none() {
        assert_eq!(nearest("zzz", ["env", "default"]), None);
        assert_eq!(nearest("mandatory", ["merge", "default"]), None);
    }
}
