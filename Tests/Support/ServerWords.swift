package import MariaDBClient

/// What tests look at and the servers call by other names.
extension Connection {
  /// Whether a transaction is open; on MySQL a function of the installed schema.
  package var openTransaction: String {
    serverVersion.isMariaDB ? "@@in_transaction" : "has_open_transaction()"
  }

  /// The variable of the isolation level of a session.
  package var isolationLevel: String {
    serverVersion.isMariaDB ? "tx_isolation" : "transaction_isolation"
  }

  /// The table of the counters of a session.
  package var sessionStatus: String {
    serverVersion.isMariaDB
      ? "information_schema.session_status" : "performance_schema.session_status"
  }
}
