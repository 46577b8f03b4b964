import MariaDBClient
import TestSupport
import Testing

@Suite("Bulk loading", .timeLimit(.minutes(2)))
struct LoadDataTests {
  /// A source of numbered lines in small pieces, which may fail in the middle.
  struct Lines: BulkSource {
    struct Broken: Error, Equatable {}

    var next = 1
    let count: Int
    var breaksAt: Int?
    var pending: [UInt8] = []

    init(count: Int, breaksAt: Int? = nil) {
      self.count = count
      self.breaksAt = breaksAt
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
      if pending.isEmpty {
        if next == breaksAt { throw Broken() }
        guard next <= count else { return 0 }
        pending = Array("\(next)\n".utf8)
        next += 1
      }
      let length = min(buffer.count, pending.count)
      buffer.copyBytes(from: pending.prefix(length))
      pending.removeFirst(length)
      return length
    }
  }

  static let load = "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t (n)"

  @Test("a load reads the source and ignores the file name")
  func loads() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("CREATE TABLE t (n INT)")
      var source = Lines(count: 10_000)
      #expect(try await connection.loadData(Self.load, from: &source) == 10_000)
      #expect(source.next == 10_001)
      let row = try await connection.query("SELECT COUNT(*) AS c, SUM(n) AS s FROM t").rows.first
      #expect(row?.values == ["10000", "50005000"])
      #expect(await !connection.isInTransaction)
    }
  }

  @Test("a source that throws undoes the load, and its own error is thrown")
  func sourceFails() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("CREATE TABLE t (n INT)")
      var source = Lines(count: 10_000, breaksAt: 5_000)
      await #expect(throws: Lines.Broken()) {
        try await connection.loadData(Self.load, from: &source)
      }
      #expect(try await connection.query("SELECT n FROM t").rows.isEmpty)
      var whole = Lines(count: 3)
      #expect(try await connection.loadData(Self.load, from: &whole) == 3)
    }
  }

  @Test("a source that throws undoes the transaction around it, even when the error is swallowed")
  func sourceFailsInTransaction() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("CREATE TABLE t (n INT)")
      await #expect(throws: Lines.Broken()) {
        try await connection.transaction { connection in
          try connection.execute("INSERT INTO t VALUES (-1)")
          var source = Lines(count: 10, breaksAt: 5)
          _ = try? connection.loadData(Self.load, from: &source)
        }
      }
      #expect(try await connection.query("SELECT n FROM t").rows.isEmpty)
    }
  }

  @Test("the server gets no local file outside a load")
  func refused() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("CREATE TABLE t (n TEXT)")
      let sql = "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t (n)"
      for _ in 1...2 {
        let error = await #expect(throws: DatabaseError.self) { try await connection.query(sql) }
        #expect(error?.code == .localInfileRefused)
        #expect(error?.description == "LOAD DATA: a local file was requested and refused")
        #expect(try await connection.query("SELECT n FROM t").rows.isEmpty)
        // A load does not allow the next query to read files.
        var source = Lines(count: 2)
        try await connection.loadData(sql, from: &source)
        #expect(try await connection.execute("DELETE FROM t") == 2)
      }
    }
  }

  @Test("an error of the server is thrown, and warnings are counted")
  func serverErrors() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      var source = Lines(count: 2)
      let error = await #expect(throws: DatabaseError.self) {
        try await connection.loadData(Self.load, from: &source)
      }
      #expect(error?.code == .unknownObject)
      #expect(await !connection.isInTransaction)
      try await connection.execute("CREATE TABLE t (n TINYINT)")
      var wide = Lines(count: 130)
      #expect(try await connection.loadData(Self.load, from: &wide) == 130)
      #expect(await connection.lastWarningCount == 3)
    }
  }
}
