import MariaDBClient
import TestSupport
import Testing

@Suite("Bound values", .timeLimit(.minutes(2)))
struct ValueTests {
  @Test(
    "texts are read back as bound",
    arguments: [
      "", "plain", "it's \"quoted\" `and` \\ backslashed\\", "NUL \0 inside", "Zoë 你好 😀🏦",
      "line\nbreak\r\ttab\u{1a}", "-- no comment /* */ # ?", "' OR 1=1 -- ", "%_\\%\\_",
    ])
  func texts(_ text: String) async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("CREATE TABLE t (v VARCHAR(200) CHARACTER SET utf8mb4)")
      #expect(try await connection.execute("INSERT INTO t VALUES (?)", [.text(text)]) == 1)
      let row = try #require(
        try await connection.query(
          "SELECT v, CHAR_LENGTH(v) AS length FROM t WHERE v = ?", [.text(text)]
        )
        .rows.first)
      #expect(row["v"] == text)
      #expect(row.integer("length") == Int64(text.unicodeScalars.count))
    }
  }

  @Test("every byte is read back, and an empty value is not NULL")
  func bytes() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      let all = (0...255).map { UInt8($0) }
      let row = try #require(
        try await connection.query(
          "SELECT ? AS a, ? AS b, ? AS c", [.bytes(all), .bytes([]), .null]
        )
        .rows.first)
      #expect(row.bytes("a") == all)
      #expect(row.bytes("b") == [])
      #expect(row.bytes("c") == nil)
    }
  }

  @Test(
    "doubles are read back exactly and stay doubles",
    arguments: [
      0.1, -0.0, 1e308, Double.leastNonzeroMagnitude, -2.2250738585072014e-308,
      1.7976931348623157e308, 123456789.125,
      0.30000000000000004, 1e16, 1.0 / 3,
    ])
  func doubles(_ number: Double) async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("CREATE TABLE t (v DOUBLE)")
      try await connection.execute("INSERT INTO t VALUES (?)", [.double(number)])
      // More digits than the usual display gives.
      let row = try await connection.query("SELECT v, v = ? AS same FROM t", [.double(number)])
      #expect(row.rows.first?.integer("same") == 1)
      #expect(row.columns.first?.typeName == "double")
      if abs(number) > 1e-300 { #expect(row.rows.first?.double("v") == number) }
      let literal = try await connection.query("SELECT ? AS v", [.double(number)])
      #expect(literal.columns.first?.typeName == "double")
    }
  }

  @Test("numbers that are not finite are refused", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(_ number: Double) async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      let error = await #expect(throws: DatabaseError.self) {
        try await connection.query("SELECT ?", [.double(number)])
      }
      #expect(error?.code == .unusableValue)
    }
  }

  @Test("the largest and smallest whole numbers and decimals are read back exactly")
  func extremes() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute(
        "CREATE TABLE t (i BIGINT, u BIGINT UNSIGNED, d DECIMAL(65, 30))")
      let decimal = "12345678901234567890123456789012345.123456789012345678901234567891"
      try await connection.execute(
        "INSERT INTO t VALUES (?, ?, ?)",
        [.integer(Int64.min), .text("18446744073709551615"), .text(decimal)])
      try await connection.execute("INSERT INTO t VALUES (?, 0, 0)", [.integer(Int64.max)])
      let rows = try await connection.query("SELECT i, u, d FROM t ORDER BY i").rows
      #expect(rows.map { $0.integer("i") } == [Int64.min, Int64.max])
      #expect(rows.first?["u"] == "18446744073709551615")
      #expect(rows.first?["d"] == decimal)
    }
  }

  @Test("NULL, empty and zero stay distinct")
  func nulls() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      let row = try #require(
        try await connection.query("SELECT ? AS a, ? AS b, ? AS c", [nil, "", 0]).rows.first)
      #expect(row.values == [nil, "", "0"])
    }
  }

  @Test("without backslash escapes a quote still cannot end the text")
  func noBackslashEscapes() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'")
      let text = "a\\' OR '1'='1"
      let row = try await connection.query("SELECT '\\' AS slash, ? AS v", [.text(text)]).rows.first
      #expect(row?["v"] == text)
    }
  }

  @Test("too few and too many values are refused before anything is sent")
  func counts() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      for values: [SQLValue] in [["a"], ["a", "b", "c"]] {
        let error = await #expect(throws: DatabaseError.self) {
          try await connection.query("SELECT ?, ?", values)
        }
        #expect(error?.code == .parameterCount)
        #expect(error?.debugDescription.contains("2 placeholders") == true)
      }
    }
  }
}
