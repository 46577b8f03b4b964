/// What the holder of a token may do; each scope includes those before it.
package enum Scope: String, CaseIterable, Comparable, Sendable {
  /// Reads what is published, masked.
  case read
  /// Works on alerts, cases and jobs.
  case operate
  /// Posts payments.
  case admin

  package static func < (left: Scope, right: Scope) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}
