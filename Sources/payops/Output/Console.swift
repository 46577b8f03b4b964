import Foundation
import PayopsCore
import Tabular

extension Console {
  /// Makes the console of this process.
  ///
  /// - Parameters:
  ///   - environment: the environment, for NO_COLOR, TERM, COLUMNS and the locale
  ///   - arguments: the command line, of which only --json, --no-color, --quiet and -q are looked
  ///     at, so that even a usage error comes out as asked for
  init(environment: [String: String], arguments: some Collection<String>) {
    let given = Set(arguments.prefix { $0 != "--" })
    self.init(
      environment: environment, isJSON: given.contains("--json"),
      isQuiet: given.contains("--quiet") || given.contains("-q"),
      mayColor: !given.contains("--no-color"))
  }

  /// Writes a failure to standard error: `payops: error: …`, then `hint: …`; as JSON if asked for.
  ///
  /// - Parameter failure: the failure
  func report(_ failure: Fault) {
    guard !isJSON else {
      try? Self.write(failure.json.compact + "\n", to: STDERR_FILENO)
      return
    }
    var text = "payops: \(noteStyle.red("error:")) \(failure.message.printable)\n"
    if let hint = failure.hint { text += "\(noteStyle.cyan("hint:")) \(hint.printable)\n" }
    try? Self.write(text, to: STDERR_FILENO)
  }
}
