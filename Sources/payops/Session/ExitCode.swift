/// What the exit status of the program means.
enum ExitCode: Int32, CaseIterable, Sendable {
  case ok = 0
  case finding = 1
  case usage = 64
  case badData = 65
  case unavailable = 69
  case internalError = 70
  case cannotCreate = 73
  case inputOutput = 74
  case temporary = 75
  case noPermission = 77
  case configuration = 78
  case interrupted = 130
  case brokenPipe = 141
  case terminated = 143

  /// What the status means, in one line.
  var meaning: String {
    switch self {
    case .ok: "done; nothing to report"
    case .finding: "done, and a check found something: drift, anomalies, differences"
    case .usage: "the command line is wrong"
    case .badData: "the input data are wrong"
    case .unavailable: "the server cannot be reached"
    case .internalError: "an error inside payops or the database's objects"
    case .cannotCreate: "an output cannot be created or written"
    case .inputOutput: "an input or output error"
    case .temporary: "busy; the same command may succeed later"
    case .noPermission: "permission denied"
    case .configuration: "the configuration is wrong"
    case .interrupted: "interrupted by Ctrl-C (SIGINT)"
    case .brokenPipe: "the reader of the output went away (SIGPIPE)"
    case .terminated: "ended by SIGTERM"
    }
  }

  /// The status that stands for a signal.
  ///
  /// - Parameter signal: the signal's number
  /// - Returns: the status
  static func forSignal(_ signal: Int32) -> ExitCode {
    ExitCode(rawValue: 128 + signal) ?? .terminated
  }
}
