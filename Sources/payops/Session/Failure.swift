import Backup
import EmbeddedServer
import Foundation
import Ingest
import MariaDBClient
import Monitoring
import Notifications
import Schema
import Sealing
import Simulation
import Tabular

/// Any error as the caller sees it: a message, a hint, and an exit code.
struct Failure: Error, Equatable {
  /// What happened: lower case, no full stop, names the object.
  let message: String
  /// What to do about it; nil when there is nothing to say.
  let hint: String?
  /// The exit code.
  let exitCode: ExitCode

  /// Makes a failure.
  ///
  /// - Parameters:
  ///   - message: what happened
  ///   - hint: what to do about it
  ///   - exitCode: the exit code
  init(_ message: String, hint: String? = nil, exitCode: ExitCode) {
    self.message = message
    self.hint = hint
    self.exitCode = exitCode
  }

  /// Makes the failure of a wrong command line.
  ///
  /// - Parameters:
  ///   - message: what is wrong
  ///   - hint: what to do about it
  /// - Returns: the failure, with the exit code for usage errors
  static func usage(_ message: String, hint: String? = nil) -> Failure {
    Failure(message, hint: hint, exitCode: .usage)
  }

  /// Turns any error into what the caller is to see.
  ///
  /// - Parameter error: the error
  init(from error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as DatabaseError: self = Failure(database: error)
    case let error as EmbeddedServerError: self = Failure(server: error)
    case let error as SettingsError:
      self = Failure(error.description, hint: error.hint, exitCode: .configuration)
    case let error as SchemaError: self = Failure(schema: error)
    case let error as SimulationError: self = Failure(simulation: error)
    case let error as ImportError: self = Failure(import: error)
    case let error as BackupError:
      self = Failure(
        error.message, hint: error.hint,
        exitCode: Self.backupExitCodes[error.code] ?? .internalError)
    case let error as SealingError:
      self = Failure(
        error.description, hint: error.hint,
        exitCode: error.code == .unwritableHead ? .cannotCreate : .configuration)
    case let error as MonitoringError:
      self = Failure(
        error.description, hint: error.hint,
        exitCode: error.code == .unknownSource ? .usage : .badData)
    case let error as NotificationError:
      self = Failure(error.message, hint: error.hint, exitCode: .configuration)
    case is CancellationError: self = Failure("interrupted", exitCode: .interrupted)
    case let error as CocoaError: self = Failure(file: error)
    default: self = Failure("\(error)", exitCode: .internalError)
    }
  }

  private init(database error: DatabaseError) {
    let exitCode = Self.exitCodes[error.code] ?? .internalError
    // What no user can mend is for a report: then the numbers and the server's words are needed.
    let isInternal = exitCode == .internalError
    self.init(
      isInternal ? error.debugDescription : error.description, hint: error.hint,
      exitCode: exitCode)
  }

  private static let exitCodes: [DatabaseError.Code: ExitCode] = [
    .cannotConnect: .unavailable, .connectionLost: .unavailable,
    .accessDenied: .noPermission,
    .tlsUnavailable: .configuration, .tlsRejected: .configuration,
    .passwordWithheld: .configuration,
    .unknownObject: .configuration,
    .duplicateKey: .badData, .constraintViolated: .badData, .invalidData: .badData,
    .signalled: .badData, .unusableValue: .badData,
    .deadlock: .temporary, .lockTimeout: .temporary, .recordChanged: .temporary,
    .interrupted: .temporary, .storageFull: .inputOutput,
  ]

  private static let backupExitCodes: [BackupError.Code: ExitCode] = [
    .toolMissing: .configuration, .unsupported: .configuration,
    .noBinaryLog: .configuration, .keyNeeded: .configuration,
    .wrongKey: .configuration, .unusableKey: .configuration,
    .missingPrivilege: .noPermission,
    .schemaChanged: .temporary, .busy: .temporary,
    .folderUnusable: .cannotCreate, .noSpace: .inputOutput, .toolFailed: .inputOutput,
    .notFound: .usage, .targetInUse: .usage, .notConfirmed: .usage, .unsafeTarget: .usage,
    .noneGood: .badData, .unreadable: .inputOutput,
    .unreadableManifest: .badData, .damaged: .badData, .mismatch: .badData,
    .refusedStatement: .badData, .refusedContent: .badData, .untrustedContent: .badData,
    .unauthentic: .badData,
    .logGap: .badData,
  ]

  private init(server error: EmbeddedServerError) {
    let exitCode: ExitCode =
      switch error.code {
      case .programMissing, .foreignData, .newerData: .configuration
      case .directoryUnusable: .cannotCreate
      case .locked, .stopTimedOut: .temporary
      case .installFailed, .startFailed, .startTimedOut: .unavailable
      default: .internalError
      }
    self.init(error.description, hint: error.hint, exitCode: exitCode)
  }

  private init(schema error: SchemaError) {
    let cause = error.underlying.map(Failure.init(from:))
    let exitCode: ExitCode =
      switch error.code {
      case .locked, .held: .temporary
      case .tableChanged, .noDatabase, .interruptedRestore, .foreignTables, .precondition:
        .configuration
      default: cause?.exitCode ?? .internalError
      }
    self.init(
      cause.map { "\(error.context): \($0.message)" } ?? error.description,
      hint: error.hint ?? cause?.hint, exitCode: exitCode)
  }

  private init(simulation error: SimulationError) {
    let exitCode: ExitCode =
      switch error.code {
      case .unusableParameter: .usage
      case .missingReference: .configuration
      case .busy: .temporary
      default: .badData
      }
    self.init(error.description, hint: error.hint, exitCode: exitCode)
  }

  private init(import error: ImportError) {
    let exitCode: ExitCode =
      switch error.code {
      case .unreadable: .inputOutput
      case .damaged, .wrongFormat, .empty, .badHeader, .badRecord: .badData
      case .badMapping: .configuration
      case .unknownMapping: .usage
      case .busy: .temporary
      case .interrupted: .interrupted
      default: .internalError
      }
    self.init(error.message, hint: error.hint, exitCode: exitCode)
  }

  private init(file error: CocoaError) {
    let path = (error.userInfo[NSFilePathErrorKey] as? String).map { " \($0)" } ?? ""
    switch error.code {
    case .fileReadNoSuchFile, .fileNoSuchFile:
      self.init("no such file:\(path)", exitCode: .inputOutput)
    case .fileReadNoPermission:
      self.init("cannot read\(path): permission denied", exitCode: .noPermission)
    case .fileWriteNoPermission, .fileWriteOutOfSpace, .fileWriteVolumeReadOnly,
      .fileWriteFileExists:
      self.init("cannot write\(path): \(error.localizedDescription)", exitCode: .cannotCreate)
    default: self.init("\(error.localizedDescription)\(path)", exitCode: .inputOutput)
    }
  }

  /// The failure as JSON.
  var json: JSON {
    .pairs([
      "error": .string(message), "hint": hint.map(JSON.string) ?? .null,
      "exit_code": .integer(exitCode.rawValue),
    ])
  }
}
