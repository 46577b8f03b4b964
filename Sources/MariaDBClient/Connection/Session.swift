internal import CMariaDB
internal import Glibc
internal import PayopsCore

/// One MYSQL handle and all code that uses it.
///
/// Not Sendable: it belongs to the connection actor, and the pointer never leaves this type.
final class Session {
  private var mysql: UnsafeMutablePointer<MYSQL>?
  private let infile = InfileExchange()
  private var isBusy = false
  private var closesWhenIdle = false

  /// Warnings raised by the last statement.
  private(set) var lastWarningCount = 0

  /// Restores the count of an earlier statement, which a COMMIT overwrote.
  func keepWarningCount(_ count: Int) { lastWarningCount = count }

  /// Connects and configures the session.
  ///
  /// - Parameter options: where and how.
  /// - Throws: ``DatabaseError`` without a connection of the requested security.
  init(_ options: ConnectionOptions) throws(DatabaseError) {
    guard ClientLibrary.isReady, let mysql = mysql_init(nil) else {
      throw DatabaseError(code: .client, context: "client library")
    }
    self.mysql = mysql
    do {
      try connect(mysql, options)
      try setUp(options.jobFence)
    } catch {
      close()
      throw error.with(context: "connection to \(options.endpoint)")
    }
  }

  deinit { close() }

  /// Closes the connection; at once, or when the running statement has ended.
  func close() {
    guard let mysql else { return }
    if isBusy {
      closesWhenIdle = true
    } else {
      mysql_close(mysql)
      self.mysql = nil
    }
  }

  // MARK: - Facts about the connection

  var serverVersion: ServerVersion {
    ServerVersion(mysql.flatMap { mysql_get_server_info($0) }.map { String(cString: $0) } ?? "")
  }

  var connectionId: UInt64 { mysql.map { UInt64(mysql_thread_id($0)) } ?? 0 }

  var tlsCipher: String? {
    mysql.flatMap { mysql_get_ssl_cipher($0) }.map { String(cString: $0) }
  }

  var isInTransaction: Bool { mysql.map { payops_in_transaction($0) != 0 } ?? false }

  var isAutocommit: Bool { mysql.map { payops_autocommit($0) != 0 } ?? true }

  /// Why the source of the last load stopped.
  var sourceFailure: (any Error)? { infile.failure }

  // MARK: - Connecting

  private func connect(_ mysql: UnsafeMutablePointer<MYSQL>, _ options: ConnectionOptions)
    throws(DatabaseError)
  {
    mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4")
    var timeout = UInt32(clamping: options.connectTimeoutSeconds)
    mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &timeout)
    var packet = UInt(1 << 30)
    mysql_options(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet)
    var transport = options.usesTCP ? MYSQL_PROTOCOL_TCP.rawValue : MYSQL_PROTOCOL_SOCKET.rawValue
    mysql_options(mysql, MYSQL_OPT_PROTOCOL, &transport)
    // The capability must be negotiated at the start; after that it is off, except in `load`.
    allowLocalInfile(true)
    infile.install(in: mysql)
    payops_restrict_authentication(mysql, AuthenticationPlugins.list(for: options))
    try configureTLS(mysql, options)

    let relay =
      TLSRelay.isNeeded(for: options) ? try TLSRelay(to: options, isForOne: true) : nil
    defer { relay?.stop() }
    let host = options.usesTCP ? relay.map { _ in "127.0.0.1" } ?? options.host ?? "localhost" : nil
    let socket = options.usesTCP ? nil : options.socket
    let connected = mysql_real_connect(
      mysql, host, options.user, options.password?.reveal, options.database,
      UInt32(clamping: relay?.port ?? options.port ?? 0), socket, payops_client_multi_results())
    guard connected != nil else {
      throw relay?.failure ?? refusal(in: mysql, options)
    }
    allowLocalInfile(false)
    // Nothing was sent in plaintext; this check holds even if the library's behaviour changes.
    if options.tls.refusesPlaintext, mysql_get_ssl_cipher(mysql) == nil {
      throw DatabaseError(code: .tlsUnavailable, context: "")
    }
  }

  /// Why the library could not connect.
  private func refusal(
    in mysql: UnsafeMutablePointer<MYSQL>, _ options: ConnectionOptions
  ) -> DatabaseError {
    let failure = error(in: mysql, context: "", parameters: [])
    // For TCP the library only reports that connecting did not succeed at once.
    if failure.code == .cannotConnect, failure.serverMessage.hasSuffix("(\(EINPROGRESS))"),
      let reason = RelaySocket.refusal(of: options)
    {
      return reason
    }
    let code: DatabaseError.Code? =
      switch failure.code {
      case .client, .connectionLost: .cannotConnect
      case .tlsRejected where failure.serverMessage.hasSuffix("does not support it"):
        .tlsUnavailable
      default: nil
      }
    guard let code else { return failure }
    return DatabaseError(
      code: code, errno: failure.errno, sqlState: failure.sqlState,
      serverMessage: failure.serverMessage, context: "")
  }

  private func configureTLS(_ mysql: UnsafeMutablePointer<MYSQL>, _ options: ConnectionOptions)
    throws(DatabaseError)
  {
    guard options.tls != .off else { return }
    guard options.usesTCP else {
      // Newer libraries use no TLS on a Unix socket, and would log in before the check below.
      guard options.tls.refusesPlaintext else { return }
      throw DatabaseError(
        code: .tlsUnavailable, serverMessage: "TLS is not available on a Unix socket", context: "")
    }
    if options.tls == .verifyCA, options.tlsCA == nil {
      throw DatabaseError(
        code: .tlsRejected, serverMessage: "verify-ca needs a certificate authority file",
        context: "")
    }
    if let key = options.tlsKey { mysql_options(mysql, MYSQL_OPT_SSL_KEY, key) }
    if let certificate = options.tlsCert { mysql_options(mysql, MYSQL_OPT_SSL_CERT, certificate) }
    if let authority = options.tlsCA, options.tls != .preferred, options.tls != .required {
      mysql_options(mysql, MYSQL_OPT_SSL_CA, authority)
    }
    var yes: my_bool = 1
    var verifies: my_bool = options.tls == .verifyIdentity ? 1 : 0
    mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &yes)
    mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verifies)
  }

  private func allowLocalInfile(_ isAllowed: Bool) {
    guard let mysql else { return }
    var flag: UInt32 = isAllowed ? 1 : 0
    mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &flag)
  }

  private func setUp(_ fence: JobFence?) throws(DatabaseError) {
    let modes = [
      "STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "NO_ZERO_IN_DATE", "NO_ZERO_DATE",
      "ERROR_FOR_DIVISION_BY_ZERO", "NO_ENGINE_SUBSTITUTION",
    ]
    // The collation is explicit, since a server may choose one for the character set. Routines and
    // views keep that of the session that creates them.
    try perform(
      "SET NAMES utf8mb4 COLLATE \(TextDefaults.collation), time_zone = '+00:00',"
        + " sql_mode = '\(modes.joined(separator: ","))'", [],
      onRow: { _ in true }, onResult: { _ in })
    // A statement that reads one table to write another must not lock rows of the first.
    try perform(
      "SET SESSION TRANSACTION ISOLATION LEVEL \(IsolationLevel.readCommitted.rawValue)", [],
      onRow: { _ in true }, onResult: { _ in })
    if let fence {
      try perform(
        "SET @payops_job_name = ?, @payops_fencing_token = ?",
        [.text(fence.job), .integer(fence.token)], onRow: { _ in true }, onResult: { _ in })
    }
  }

  // MARK: - Statements

  /// The result of one statement of a text, apart from its rows.
  struct Outcome {
    let layout: RowLayout?
    let affectedRows: Int64
    let warningCount: Int
  }

  /// Runs a text, passes on rows one by one, and reads every result to its end.
  ///
  /// - Parameters:
  ///   - sql: the text, with a `?` for each value.
  ///   - parameters: the values; when there are none, the text is sent as it is.
  ///   - onRow: called with each row; after false the other rows are read and dropped.
  ///   - onResult: called at the end of each result.
  func perform(
    _ sql: String, _ parameters: [SQLValue], onRow: (Row) -> Bool, onResult: (Outcome) -> Void
  ) throws(DatabaseError) {
    guard !isBusy else {
      throw DatabaseError(code: .busy, context: StatementText(sql).label)
    }
    guard let mysql else {
      throw DatabaseError(code: .closed, context: StatementText(sql).label)
    }
    isBusy = true
    defer {
      isBusy = false
      if closesWhenIdle { close() }
    }
    infile.reset()
    let bytes = try render(sql, parameters, mysql)
    let isDone = bytes.withUnsafeBytes { send($0, mysql, onRow, onResult) }
    guard isDone else { throw failure(of: sql, parameters, mysql) }
  }

  /// Runs a text of any bytes, such as a statement of a dump, for its effect.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - onResult: called at the end of each result.
  func perform(bytes: UnsafeRawBufferPointer, onResult: (Outcome) -> Void) throws(DatabaseError) {
    // The label only needs the first words.
    func front() -> String { String(decoding: bytes.prefix(400), as: UTF8.self) }
    guard !isBusy else {
      throw DatabaseError(code: .busy, context: StatementText(front()).label)
    }
    guard let mysql else {
      throw DatabaseError(code: .closed, context: StatementText(front()).label)
    }
    isBusy = true
    defer {
      isBusy = false
      if closesWhenIdle { close() }
    }
    infile.reset()
    guard send(bytes, mysql, { _ in true }, onResult) else {
      throw failure(of: front(), [], mysql)
    }
  }

  /// Sends a text and reads every result to its end; false when the server reported an error.
  private func send(
    _ bytes: UnsafeRawBufferPointer, _ mysql: UnsafeMutablePointer<MYSQL>,
    _ onRow: (Row) -> Bool, _ onResult: (Outcome) -> Void
  ) -> Bool {
    let text = bytes.bindMemory(to: CChar.self).baseAddress
    guard mysql_real_query(mysql, text, UInt(bytes.count)) == 0 else { return false }
    while true {
      guard let outcome = readResult(mysql, onRow) else { return false }
      lastWarningCount = outcome.warningCount
      onResult(outcome)
      let next = mysql_next_result(mysql)
      if next < 0 { return true }
      if next > 0 { return false }
    }
  }

  /// Runs a `LOAD DATA LOCAL INFILE` that reads from a reader.
  ///
  /// - Returns: the number of rows that the server reports.
  /// - Throws: the reader's own error, or ``DatabaseError``.
  func load(_ sql: String, from reader: @escaping InfileExchange.Reader) throws -> Int64 {
    var affected: Int64 = 0
    do {
      try infile.serve(reader) {
        allowLocalInfile(true)
        defer { allowLocalInfile(false) }
        try perform(sql, [], onRow: { _ in true }, onResult: { affected = $0.affectedRows })
      }
    } catch {
      throw infile.failure ?? error
    }
    return affected
  }

  /// Runs a body during which a text may hold several statements.
  func withMultiStatements(_ body: () throws(DatabaseError) -> Void) throws(DatabaseError) {
    try setMultiStatements(MYSQL_OPTION_MULTI_STATEMENTS_ON)
    do {
      try body()
    } catch {
      try? setMultiStatements(MYSQL_OPTION_MULTI_STATEMENTS_OFF)
      throw error
    }
    try setMultiStatements(MYSQL_OPTION_MULTI_STATEMENTS_OFF)
  }

  private func setMultiStatements(_ option: enum_mysql_set_option) throws(DatabaseError) {
    guard !isBusy else { throw DatabaseError(code: .busy, context: "script") }
    guard let mysql else { throw DatabaseError(code: .closed, context: "script") }
    if mysql_set_server_option(mysql, option) != 0 {
      throw error(in: mysql, context: "script", parameters: [])
    }
  }

  private func render(_ sql: String, _ parameters: [SQLValue], _ mysql: UnsafeMutablePointer<MYSQL>)
    throws(DatabaseError) -> [UInt8]
  {
    if parameters.isEmpty { return Array(sql.utf8) }
    let syntax = SQLSyntax(
      hasANSIQuotes: payops_ansi_quotes(mysql) != 0,
      hasBackslashEscapes: payops_no_backslash_escapes(mysql) == 0)
    let text = StatementText(sql, syntax: syntax)
    return try text.binding(parameters) { bytes in
      var escaped = [CChar](repeating: 0, count: bytes.count * 2 + 1)
      let length = bytes.withUnsafeBytes {
        mysql_real_escape_string(
          mysql, &escaped, $0.bindMemory(to: CChar.self).baseAddress, UInt($0.count))
      }
      return escaped.prefix(Int(length)).map { UInt8(bitPattern: $0) }
    }
  }

  // MARK: - Results

  /// Reads one result; nil when it broke off.
  private func readResult(_ mysql: UnsafeMutablePointer<MYSQL>, _ onRow: (Row) -> Bool) -> Outcome?
  {
    guard let result = mysql_use_result(mysql) else {
      guard mysql_field_count(mysql) == 0, mysql_errno(mysql) == 0 else { return nil }
      return Outcome(
        layout: nil, affectedRows: Int64(bitPattern: mysql_affected_rows(mysql)),
        warningCount: Int(mysql_warning_count(mysql)))
    }
    // Freeing reads and drops the remaining rows.
    defer { mysql_free_result(result) }
    let count = Int(mysql_num_fields(result))
    let layout = RowLayout(columns: Column.read(result, count: count))
    var rows: Int64 = 0
    while let cells = mysql_fetch_row(result) {
      guard let lengths = mysql_fetch_lengths(result) else { return nil }
      rows += 1
      if !onRow(Row(layout: layout, cells: cells, lengths: lengths, count: count)) { break }
    }
    guard mysql_errno(mysql) == 0 else { return nil }
    return Outcome(
      layout: layout, affectedRows: rows, warningCount: Int(mysql_warning_count(mysql)))
  }

  // MARK: - Errors

  private func failure(
    of sql: String, _ parameters: [SQLValue], _ mysql: UnsafeMutablePointer<MYSQL>
  ) -> DatabaseError {
    error(in: mysql, context: StatementText(sql).label, parameters: parameters)
  }

  private func error(
    in mysql: UnsafeMutablePointer<MYSQL>, context: String, parameters: [SQLValue]
  ) -> DatabaseError {
    let errno = mysql_errno(mysql)
    let state = mysql_sqlstate(mysql).map { String(cString: $0) } ?? "HY000"
    let text = mysql_error(mysql).map { String(cString: $0) } ?? ""
    let isInfile = errno == 2000 && (infile.refusedRequest || text.lowercased().contains("infile"))
    return DatabaseError(
      code: isInfile
        ? .localInfileRefused : DatabaseError.Code(errno: errno, sqlState: state),
      errno: errno, sqlState: state,
      serverMessage: MessageRedaction.redact(text, errno: errno, parameters: parameters),
      context: context)
  }
}
