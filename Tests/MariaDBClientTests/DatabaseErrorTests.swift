import PayopsCore
import TestSupport
import Testing

@testable import MariaDBClient

@Suite("Database errors", .timeLimit(.minutes(2)))
struct DatabaseErrorTests {
  @Test("a duplicate key shows number and state, but not the value")
  func duplicateKey() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("CREATE TABLE t (v VARCHAR(20) PRIMARY KEY)")
      try await connection.execute("INSERT INTO t VALUES (?)", ["hunter2"])
      let error = try #require(
        await #expect(throws: DatabaseError.self) {
          try await connection.execute("INSERT INTO t VALUES (?)", ["hunter2"])
        })
      #expect(error.code == .duplicateKey)
      #expect(error.errno == 1062)
      #expect(error.sqlState == "23000")
      #expect(error.description == "INSERT INTO t: a unique key has the value already")
      #expect(
        error.debugDescription
          == "INSERT INTO t: a unique key has the value already [errno 1062, SQLSTATE 23000] "
          + "Duplicate entry '***' for key 'PRIMARY'")
      #expect(!error.isRetryable)
    }
  }

  @Test(
    "the reason for a failed connection never quotes the server",
    arguments: [
      (0, "Bad key", ": bad key"), (0, "", ""),
      (2002, "Can't connect through socket '/x' (2)", ": no such file or directory"),
      (2003, "Can't connect to server on 'h' (110)", ": connection timed out"),
      (2004, "Can't create TCP/IP socket (13)", ": permission denied"),
      (2002, "no number", ""), (2005, "Unknown host 'h'", ": unknown host"),
      (2006, "gone", ": the server closed the connection before the login"),
      (2013, "lost", ": the server closed the connection before the login"),
      (2055, "lost", ": the server closed the connection before the login"),
      (1040, "full", ": the server has too many connections"),
      (1129, "blocked", ": the server blocks this host after too many failures"),
      (1130, "not you", ": the server does not accept connections from this host"),
      (1045, "secret", ""),
    ])
  func connectReason(errno: UInt32, message: String, reason: String) {
    let error = DatabaseError(
      code: .cannotConnect, errno: errno, serverMessage: message, context: "here")
    #expect(error.connectReason == (reason.isEmpty ? nil : String(reason.dropFirst(2))))
    let other = DatabaseError(code: .server, errno: errno, serverMessage: message, context: "here")
    #expect(other.connectReason == nil)
  }

  @Test(
    "no message repeats a bound value",
    arguments: [
      ("SELECT * FORM t WHERE v = ?", DatabaseError.Code.syntax),
      ("INSERT INTO t (n) VALUES (?)", .invalidData),
      ("INSERT INTO t (short) VALUES (?)", .invalidData),
      ("SELECT 1 FROM t WHERE nothing = ?", .unknownObject),
      ("SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = ?", .server),
    ])
  func noValues(_ sql: String, _ code: DatabaseError.Code) async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("CREATE TABLE t (v TEXT, n INT, short CHAR(2))")
      let error = try #require(
        await #expect(throws: DatabaseError.self) { try await connection.execute(sql, ["hunter2"]) }
      )
      #expect(error.code == code)
      #expect(!error.description.contains("hunter2"))
      #expect(!error.debugDescription.contains("hunter2"))
      #expect(!error.serverMessage.isEmpty)
      #expect(error.debugDescription.contains("errno \(error.errno)"))
    }
  }

  @Test("a condition raised by a routine of payops is shown verbatim")
  func signalled() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.runScript(
        """
        CREATE PROCEDURE refuse() BEGIN
          SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30007,
            MESSAGE_TEXT = 'refuse: unknown payment (17)';
        END
        """)
      let error = try #require(
        await #expect(throws: DatabaseError.self) { try await connection.query("CALL refuse()") })
      #expect(error.code == .signalled)
      #expect(error.errno == 30007)
      #expect(error.description == "refuse: unknown payment (17)")
      #expect(error.context == "CALL refuse")
    }
  }

  @Test(
    "retryable errors are recognised by their number", arguments: [1213, 1205, 1020, 2006, 2013])
  func retryable(_ errno: UInt32) {
    let error = DatabaseError(
      code: DatabaseError.Code(errno: errno, sqlState: "HY000"), errno: errno, context: "UPDATE t")
    #expect(error.isRetryable)
    #expect(error.code != .server)
  }

  @Test("the message for a wrong password shows neither password nor name")
  func accessDenied() async throws {
    var options = try await TestServer.shared()
    options.user = "nobody_at_all"
    options.password = .init("hunter2")
    let error = try #require(
      await #expect(throws: DatabaseError.self) { try await Connection.open(options) })
    #expect(error.code == .accessDenied)
    #expect(!error.description.contains("nobody_at_all"))
    #expect(!error.debugDescription.contains("hunter2"))
    #expect("\(options)".contains("***"))
    #expect(!"\(options)".contains("hunter2"))
  }

  @Test("the victim of a deadlock gets a retryable error")
  func deadlock() async throws {
    try await TestServer.withSchema(deployed: false) { first in
      try await first.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT)")
      try await first.execute("INSERT INTO t VALUES (1, 0), (2, 0)")
      let second = try await Connection.open(first.options)
      try await first.execute("START TRANSACTION")
      try await second.execute("START TRANSACTION")
      try await first.execute("UPDATE t SET n = 1 WHERE id = 1")
      try await second.execute("UPDATE t SET n = 1 WHERE id = 2")
      async let one = Self.failure(of: "UPDATE t SET n = 2 WHERE id = 2", on: first)
      async let two = Self.failure(of: "UPDATE t SET n = 2 WHERE id = 1", on: second)
      let failures = await [one, two].compactMap { $0 }
      #expect(failures.map(\.code) == [.deadlock])
      #expect(failures.first?.isRetryable == true)
      await second.close()
    }
  }

  private static func failure(of sql: String, on connection: Connection) async -> DatabaseError? {
    do throws(DatabaseError) {
      try await connection.execute(sql)
      try await connection.execute("ROLLBACK")
      return nil
    } catch {
      return error
    }
  }
}
