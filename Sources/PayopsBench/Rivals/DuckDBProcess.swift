import Foundation

/// A Python process that holds the rows in DuckDB and answers one question after the other.
///
/// It ends when its input ends, so also when the benchmark is killed.
final class DuckDBProcess {
  /// A table to load.
  struct Table: Encodable {
    let name: String
    let file: String
    /// Name and SQL type of each column.
    let columns: [[String]]
    let order: String
  }

  /// The message of the process once the rows are loaded.
  struct Loaded: Decodable {
    let version: String
    let loadSeconds: Double
  }

  /// An answer, with its time inside the process.
  struct Answer: Decodable {
    let rows: [[String?]]
    /// Milliseconds of each run.
    let milliseconds: [Double]
    /// Processor time of each run, milliseconds.
    let cpuMilliseconds: [Double]
  }

  private struct Load: Encodable {
    let database: String
    let tables: [Table]
  }
  private struct Ask: Encodable {
    let sql: String
    let runs: Int
  }

  /// What was loaded.
  let loaded: Loaded
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var buffer = Data()

  /// Starts the process and has it load the rows.
  ///
  /// - Parameters:
  ///   - database: path of DuckDB's file.
  ///   - tables: the tables.
  ///   - messages: path of a file for its error stream.
  /// - Throws: ``BenchError`` when it cannot be started or ends early.
  init(database: String, tables: [Table], messages: String) throws {
    let environment = ProcessInfo.processInfo.environment
    guard let python = environment["PAYOPS_BENCH_PYTHON"],
      let script = environment["PAYOPS_BENCH_DUCKDB"]
    else { throw BenchError("run scripts/bench: it prepares Python for DuckDB") }
    _ = FileManager.default.createFile(atPath: messages, contents: nil)
    process.executableURL = URL(filePath: python)
    process.arguments = [script]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle(forWritingAtPath: messages)
    try process.run()
    loaded = try Self.exchange(
      Load(database: database, tables: tables), input, output, &buffer, Loaded.self)
  }

  /// Asks a question several times.
  func ask(_ sql: String, runs: Int) throws -> Answer {
    try Self.exchange(Ask(sql: sql, runs: runs), input, output, &buffer, Answer.self)
  }

  /// Ends the process.
  func close() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private static func exchange<R: Decodable>(
    _ request: some Encodable, _ input: Pipe, _ output: Pipe, _ buffer: inout Data, _: R.Type
  ) throws -> R {
    try input.fileHandleForWriting.write(
      contentsOf: JSONEncoder().encode(request) + Data("\n".utf8))
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[..<end]
        buffer = Data(buffer[(end + 1)...])
        return try JSONDecoder().decode(R.self, from: Data(line))
      }
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw BenchError("the process with DuckDB ended early") }
      buffer += more
    }
  }
}
