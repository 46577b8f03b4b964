import Testing

@testable import Schema

@Suite("Manifest")
struct ManifestTests {
  @Test("the manifest lists every SQL file of the package exactly once")
  func listsEveryFile() throws {
    let listed = try Manifest.embedded().objects.map(\.path)
    // Earlier versions of tables are recognised, never installed; MySQL has a few files of its own.
    let files = EmbeddedFiles.byPath.keys.filter {
      $0.hasSuffix(".sql") && !$0.hasPrefix("sql/earlier/") && !$0.hasPrefix("sql/mysql/")
    }
    #expect(Set(listed) == Set(files))
    #expect(listed.count == files.count)
  }

  @Test(
    "a manifest error names the wrong path",
    arguments: [
      ("sql/tables/a.sql\nsql/tables/a.sql", "sql/tables/a.sql is listed twice"),
      ("sql/tables/b.sql", "sql/tables/b.sql is listed but there is no such file"),
      ("sql/else/c.sql", "sql/else/c.sql lies in no known folder"),
    ])
  func namesWrongPath(text: String, message: String) throws {
    let files = ["sql/tables/a.sql": "", "sql/else/c.sql": ""]
    let error = #expect(throws: SchemaError.self) { try Manifest(text, files: files) }
    #expect(error?.code == .manifest)
    #expect(error?.description == message)
  }

  /// A deployment that is interrupted between the two would leave a trigger or routine that calls
  /// what is not there.
  @Test("every view, trigger and routine uses only what stands above it in the manifest")
  func usesWhatStandsAbove() throws {
    let objects = try Manifest.embedded().objects.filter {
      ![.table, .reference, .migration].contains($0.kind)
    }
    let place = Dictionary(
      uniqueKeysWithValues: objects.enumerated().map { ($0.element.name, $0.offset) })
    var found = 0
    for (index, object) in objects.enumerated() {
      let code = object.source.replacing(/--[^\n]*/, with: "").replacing(
        /'(?:[^']|'')*'/, with: "''")
      let names =
        code.matches(of: /\b(?:CALL|FROM|JOIN)\s+(\w+)/).map { String($0.1) }
        + code.matches(of: /\b(\w+)\(/).map { String($0.1) }
      for name in Set(names) where name != object.name {
        guard let used = place[name] else { continue }
        found += 1
        #expect(used < index, "\(object.path) uses \(name), which is below it")
      }
    }
    #expect(found > 500)
  }

  @Test("every object file creates the object that it is named after")
  func fileNameIsObjectName() throws {
    for object in try Manifest.embedded().objects
    where object.kind != .reference && object.kind != .migration {
      let statement = try #require(object.statements.last)
      // A sequence is among the tables, as in the server.
      let kind = object.kind == .table ? "(?:TABLE|SEQUENCE)" : object.kind.rawValue.uppercased()
      let pattern = #"\b\#(kind)\b[A-Z ]*\b\#(object.name)\b"#
      #expect(
        statement.firstMatch(of: try Regex(pattern)) != nil, "\(object.path) creates another object"
      )
      #expect(object.statements.count == 1, "\(object.path) holds several statements")
    }
  }

  @Test("every earlier version of a table has the checksum of its text as its name")
  func earlierVersionsAreNamedByChecksum() throws {
    for object in try Manifest.embedded().earlier {
      let expected = "sql/earlier/\(object.name)/\(object.sourceChecksum).sql"
      #expect(object.path == expected, "an installation of this version would not be recognised")
    }
  }

  /// The server restricts only the first of such tables to a schema. It reads the others for every
  /// schema, and a change of a table in any of them makes the statement fail.
  @Test("no object joins two tables of information_schema")
  func readsOwnSchemaOnly() throws {
    let join = /information_schema\.\w+ AS \w+\s+(LEFT |INNER |CROSS )?JOIN information_schema/
    for object in try Manifest.embedded().objects {
      #expect(object.source.firstMatch(of: join) == nil, "\(object.path)")
    }
  }

  /// The first condition may be a note about an earlier row, and the last one the location in a
  /// routine.
  @Test("handlers read their error with read_error alone")
  func readsErrors() throws {
    let reading = try Manifest.embedded().objects.filter { $0.source.contains("GET DIAGNOSTICS") }
    #expect(reading.map(\.path) == ["procedures/maintenance/read_error.sql"])
  }

  @Test("no object names a schema or a definer")
  func namesNoSchema() throws {
    for object in try Manifest.embedded().objects {
      let code = object.source.split(separator: "\n").filter { !$0.hasPrefix("--") }
        .joined(separator: "\n")
      #expect(code.firstMatch(of: /\bpayops`?\.`?[a-z_]+/) == nil, "\(object.path)")
      #expect(!object.source.contains("DEFINER="), "\(object.path)")
    }
  }
}
