import Dispatch
import EmbeddedServer
import Foundation
import MariaDBClient
import Synchronization

/// The benchmark program: measures the release binary on a server of its own.
@main
struct Bench {
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.contains("--help") || arguments.contains("-h") {
      Console.line(BenchOptions.usage)
      exit(0)
    }
    do {
      if let name = arguments.first, name == "--page" || name == "--keep-result" {
        try document(arguments)
        exit(0)
      }
      let options = try BenchOptions(arguments)
      let task = Task { try await BenchRun(options: options).perform() }
      let first = Mutex<ContinuousClock.Instant?>(nil)
      let signals = listen {
        let isSecond = first.withLock { instant in
          defer { instant = instant ?? .now }
          // The same Ctrl-C may arrive twice, from the terminal and from a parent.
          return instant.map { .now - $0 > .seconds(1) } ?? false
        }
        // The second signal ends the program at once, and the kernel the server with it.
        if isSecond { _exit(130) }
        task.cancel()
      }
      let isCorrect = try await task.value
      for source in signals { source.cancel() }
      exit(isCorrect ? 0 : 1)
    } catch is CancellationError {
      Console.progress("interrupted")
      exit(130)
    } catch {
      Console.progress("failed: \(text(of: error))")
      exit(error is BenchError ? 70 : 69)
    }
  }

  /// Stores a result in the documentation, or writes the page of results.
  private static func document(_ arguments: [String]) throws {
    let documents = URL(filePath: arguments.count > 1 ? arguments.last ?? "docs" : "docs")
    if arguments[0] == "--keep-result" {
      guard arguments.count == 3 else { throw BenchError("--keep-result needs FILE and DOCS") }
      let kept = try KeptResult.keep(
        URL(filePath: arguments[1]), in: documents.appending(path: "performance"))
      Console.progress("kept \(kept.lastPathComponent)")
    }
    let page = try PerformancePage(documents: documents)
    try Data(page.text.utf8).write(to: documents.appending(path: "performance.md"))
  }

  /// The text of an error, including the server's message.
  static func text(of error: any Error) -> String {
    if let error = error as? DatabaseError { return error.debugDescription }
    if let error = error as? EmbeddedServerError { return error.debugDescription }
    return "\(error)"
  }

  private static func listen(_ receive: @escaping @Sendable () -> Void)
    -> [any DispatchSourceSignal]
  {
    signal(SIGPIPE, SIG_IGN)
    return [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler(handler: receive)
      source.resume()
      return source
    }
  }
}
