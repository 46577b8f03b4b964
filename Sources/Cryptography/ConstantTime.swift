internal import CSodium

/// Comparisons whose time says nothing about the values.
package enum ConstantTime {
  /// Whether two texts are the same; only a difference in length shows in the time that this takes.
  package static func areEqual(_ one: String, _ other: String) -> Bool {
    let (one, other) = (Array(one.utf8), Array(other.utf8))
    return one.count == other.count && sodium_memcmp(one, other, one.count) == 0
  }
}
