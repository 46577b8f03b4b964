/// Which changes of others a transaction sees, and what its reads lock.
package enum IsolationLevel: String, Sendable {
  /// Each statement sees what was committed before it. Rows that a statement reads to write others
  /// are not locked, so no other session waits for them.
  case readCommitted = "READ COMMITTED"
  /// All statements see what was committed before the first one. Only for plain SELECTs: an
  /// `INSERT … SELECT` locks every row that it reads, and the gaps between them, until the end.
  case repeatableRead = "REPEATABLE READ"
}
