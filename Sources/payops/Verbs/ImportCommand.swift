import Foundation
import Ingest
import MariaDBClient
import PayopsCore
import Tabular

/// `payops import`: streams a CSV or TSV file into the database by a mapping.
struct ImportCommand: Verb {
  static let file = Positional(
    name: "FILE", help: "CSV or TSV file, plain or gzip; - reads standard input",
    completion: .file)
  static let mapping = Option.text(
    "mapping", "NAME", "built-in mapping or the path of a .json file")
  static let source = Option.text(
    "source", "NAME", "source system under which keys are kept (default: the mapping's)")
  static let printMapping = Flag(
    "print-mapping", help: "print the JSON of a built-in mapping and import nothing")

  let name = "import"
  let summary = "import a CSV or TSV file by a mapping"
  let discussion = """
    Reads the file in constant memory, converts and checks each record, and loads, updates
    or recognises it by its natural key; what cannot be imported goes to the table
    import_quarantine with line, column, reason and the raw line. Importing a file again
    changes nothing; interrupted at any moment, the same command carries on.

    Mappings: amlsim, cards, minute-response-code-counts, minute-status-counts, payops.

      payops import transactions.csv --mapping minute-status-counts
      payops import nodes.csv.gz --mapping amlsim --source ring-1
      payops import - --mapping cards --print-mapping > mine.json
    """
  let positionals = [file]
  let options = [mapping.declaration, source.declaration, printMapping.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let console = invocation.console
    guard let name = invocation[Self.mapping] else {
      throw Fault.usage(
        "option --mapping is missing",
        hint: "use one of \(BuiltInMappings.names.joined(separator: ", ")), or a .json file")
    }
    if invocation[Self.printMapping] {
      guard let json = BuiltInMappings.json(name) else {
        throw Fault.usage("there is no built-in mapping \(name)")
      }
      try console.write(json + "\n")
      return .ok
    }
    let path = try invocation.required(Self.file)
    let mapping = try BuiltInMappings.resolve(name)
    let sourceName = invocation[Self.source]
    let bar = ProgressBar("import", unit: "records", console: console)
    let summary = try await invocation.withConnection { connection in
      try await Importer(connection: connection).run(
        source: path == "-" ? .standardInput : .file(path: path),
        fileName: path == "-" ? "-" : URL(filePath: path).lastPathComponent,
        mapping: mapping, sourceName: sourceName
      ) { bar.update(to: Int($0.counts.read)) }
    }
    bar.finish()
    try write(summary, to: console)
    return summary.counts.quarantined > 0 ? .finding : .ok
  }

  private func write(_ summary: ImportSummary, to console: Console) throws {
    let counts = summary.counts
    if console.isJSON {
      try console.write(
        JSON.pairs([
          "import_id": .integer(summary.importID), "source": .string(summary.source),
          "target": .string(summary.target.rawValue), "read": .integer(counts.read),
          "loaded": .integer(counts.loaded), "updated": .integer(counts.updated),
          "duplicate": .integer(counts.duplicate), "quarantined": .integer(counts.quarantined),
          "checksum": .string(summary.checksum),
          "remarks": .array(summary.remarks.map(JSON.string)),
        ]).lines)
      return
    }
    func text(_ count: Int64) -> String { Int(count).grouped }
    try console.write(
      "import \(summary.importID): \(text(counts.read)) read = \(text(counts.loaded)) loaded"
        + " + \(text(counts.updated)) updated + \(text(counts.duplicate)) duplicate"
        + " + \(text(counts.quarantined)) quarantined\n")
    for remark in summary.remarks { console.note("note: \(remark)") }
    if counts.quarantined > 0 {
      console.note(
        "see: SELECT line_number, column_name, reason FROM import_quarantine"
          + " WHERE import_id = \(summary.importID)")
    }
  }
}
