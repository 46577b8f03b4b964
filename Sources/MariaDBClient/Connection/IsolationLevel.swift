/// What a transaction sees of others, and what its reads lock.
package enum IsolationLevel: String, Sendable {
  /// Each statement sees what was committed before it. What a statement reads to write something
  /// else is not locked, so nobody has to wait for it.
  case readCommitted = "READ COMMITTED"
  /// All statements see what was committed before the first one. For plain SELECTs alone: an
  /// `INSERT … SELECT` locks every row that it reads, and the gaps between them, until the end.
  case repeatableRead = "REPEATABLE READ"
}
