internal import CSodium

/// Comparisons whose duration reveals nothing about the values.
package enum ConstantTime {
  /// Whether two texts are equal; the duration reveals only a difference in length.
  package static func areEqual(_ one: String, _ other: String) -> Bool {
    let (one, other) = (Array(one.utf8), Array(other.utf8))
    return one.count == other.count && sodium_memcmp(one, other, one.count) == 0
  }
}
