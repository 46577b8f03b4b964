/// A failure between this program and the database.
///
/// ``description`` is one safe sentence. ``debugDescription`` adds the numbers and the message of
/// the server, from which bound values have been removed.
package struct DatabaseError: Error {
  /// The kind of failure.
  package let code: Code
  /// The server's or the client library's error number; 0 when neither was involved.
  package let errno: UInt32
  /// The SQLSTATE; `HY000` when unknown.
  package let sqlState: String
  /// The server's message without bound values.
  package let serverMessage: String
  /// The routine, statement or server concerned; never a value.
  package let context: String
  /// The errors behind this one: for a failed rollback first the body's, then the rollback's.
  package let underlying: [any Error]

  /// Describes a failure.
  package init(
    code: Code, errno: UInt32 = 0, sqlState: String = "HY000", serverMessage: String = "",
    context: String, underlying: [any Error] = []
  ) {
    self.code = code
    self.errno = errno
    self.sqlState = sqlState
    self.serverMessage = serverMessage
    self.context = context
    self.underlying = underlying
  }

  /// Whether the whole transaction may be tried again.
  ///
  /// After a lost connection the outcome of a COMMIT is unknown: check its effect first.
  package var isRetryable: Bool {
    switch errno {
    case 1213, 1205, 1020, 1615, 2006, 2013: true
    default: false
    }
  }

  /// Whether another transaction was in conflict, or routines were replaced meanwhile (1615, on
  /// MySQL), and this one is undone: it may be run again unchanged, on the same connection.
  package var isLockConflict: Bool {
    switch errno {
    case 1213, 1205, 1020, 1615: code != .rollbackFailed
    default: false
    }
  }

  /// The same failure under another label.
  ///
  /// - Parameter context: the routine, statement or server concerned; never a value.
  package func with(context: String) -> DatabaseError {
    DatabaseError(
      code: code, errno: errno, sqlState: sqlState, serverMessage: serverMessage,
      context: context, underlying: underlying)
  }
}

extension DatabaseError: CustomStringConvertible, CustomDebugStringConvertible {
  /// One sentence without values, secrets or server text; of a refusal it names the privilege and
  /// the object.
  ///
  /// The exception is a condition raised by this project's own routines, whose text is written to
  /// be shown and holds ids, dates and codes only.
  package var description: String {
    if code == .signalled, !serverMessage.isEmpty { return serverMessage }
    // Without a kind of its own, only the number identifies the error.
    let number = code == .server || code == .client ? " \(errno)" : ""
    let reason =
      connectReason.map { ": \($0)" }
      ?? denial.map { ": the account lacks \($0.description)" } ?? ""
    return "\(context): \(code.summary)\(number)\(reason)"
  }

  /// The sentence with error number, SQLSTATE, server message and the errors behind it.
  package var debugDescription: String {
    var text = "\(context): \(code.summary) [errno \(errno), SQLSTATE \(sqlState)]"
    if !serverMessage.isEmpty { text += " \(serverMessage)" }
    for error in underlying {
      text += "; caused by \((error as? DatabaseError)?.debugDescription ?? "\(error)")"
    }
    return text
  }

  /// What the reader can do about it; nil without general advice.
  package var hint: String? {
    guard let denial else { return code.hint }
    return "grant the account \(denial.description), or a role that has it"
  }
}
