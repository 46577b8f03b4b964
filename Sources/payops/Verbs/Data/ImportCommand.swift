import Foundation
import Ingest
import MariaDBClient
import PayopsCore
import Tabular

/// `payops import`: streams a CSV or TSV file into the database by a mapping.
struct ImportCommand: DatabaseVerb {
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
    try console.write(console.isJSON ? summary.json.lines : console.wrapped(summary.text))
    if !console.isJSON { console.note(summary.notes) }
    return summary.counts.quarantined > 0 ? .finding : .ok
  }
}
