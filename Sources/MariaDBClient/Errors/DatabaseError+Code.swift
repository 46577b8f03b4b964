extension DatabaseError {
  /// The kind of a failure; new kinds may be added.
  package struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String {
      case cannotConnect, connectionLost, closed, busy, accessDenied, tlsUnavailable, tlsRejected
      case passwordWithheld
      case localInfileRefused, parameterCount, unusableValue, transactionOpen, rollbackFailed
      case syntax, unknownObject, alreadyExists, duplicateKey, constraintViolated, invalidData
      case deadlock, lockTimeout, recordChanged, interrupted, signalled, storageFull, server, client
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// No connection could be made.
    package static let cannotConnect = Code(.cannotConnect)
    /// The connection broke; the outcome of the statement is unknown.
    package static let connectionLost = Code(.connectionLost)
    /// The connection was closed by this program.
    package static let closed = Code(.closed)
    /// The connection is in the middle of another statement.
    package static let busy = Code(.busy)
    /// The account, its password or its privileges are insufficient.
    package static let accessDenied = Code(.accessDenied)
    /// Encryption is required and the server does not offer it.
    package static let tlsUnavailable = Code(.tlsUnavailable)
    /// The encrypted connection or its certificate was not acceptable.
    package static let tlsRejected = Code(.tlsRejected)
    /// The server asked for the password in a form that reveals it, without proving its identity.
    package static let passwordWithheld = Code(.passwordWithheld)
    /// The server asked for a local file while none is being loaded.
    package static let localInfileRefused = Code(.localInfileRefused)
    /// The number of values differs from the number of placeholders.
    package static let parameterCount = Code(.parameterCount)
    /// A value cannot be written in SQL, such as an infinite number.
    package static let unusableValue = Code(.unusableValue)
    /// A transaction is open already.
    package static let transactionOpen = Code(.transactionOpen)
    /// A transaction failed and so did its rollback.
    package static let rollbackFailed = Code(.rollbackFailed)
    /// The server could not parse the statement.
    package static let syntax = Code(.syntax)
    /// A schema, table, column or routine does not exist.
    package static let unknownObject = Code(.unknownObject)
    /// A schema, table, column or routine exists already.
    package static let alreadyExists = Code(.alreadyExists)
    /// A unique key has the value already.
    package static let duplicateKey = Code(.duplicateKey)
    /// A CHECK, NOT NULL or FOREIGN KEY constraint refused the row.
    package static let constraintViolated = Code(.constraintViolated)
    /// A value does not fit its column.
    package static let invalidData = Code(.invalidData)
    /// Chosen as the victim of a deadlock.
    package static let deadlock = Code(.deadlock)
    /// Waited too long for a lock.
    package static let lockTimeout = Code(.lockTimeout)
    /// The record changed since it was read.
    package static let recordChanged = Code(.recordChanged)
    /// The statement was cancelled.
    package static let interrupted = Code(.interrupted)
    /// A routine of this project raised a condition of its register (30000–30999).
    package static let signalled = Code(.signalled)
    /// The disk of the server, or a table in its memory, is full.
    package static let storageFull = Code(.storageFull)
    /// Any other error of the server.
    package static let server = Code(.server)
    /// Any other error of the client library.
    package static let client = Code(.client)

    /// The name of the kind.
    package var description: String { kind.rawValue }

    /// The kind that belongs to an error number and SQLSTATE.
    ///
    /// - Parameters:
    ///   - errno: the server's or the client library's number.
    ///   - sqlState: the five characters of the SQLSTATE.
    package init(errno: UInt32, sqlState: String) {
      kind =
        switch errno {
        case 2006, 2013, 2055, 1053, 1927: .connectionLost
        case 2026: .tlsRejected
        case 5010: .passwordWithheld
        case 2014: .busy
        case 2001...2005, 2012, 1040, 1042, 1043, 1129, 1130: .cannotConnect
        case 1044, 1045, 1142, 1143, 1227, 1370, 1698: .accessDenied
        case 1064, 1149: .syntax
        case 1046, 1049, 1051, 1054, 1091, 1109, 1146, 1305, 1360, 1072: .unknownObject
        case 1007, 1050, 1060, 1061, 1304, 1359: .alreadyExists
        case 1062, 1586: .duplicateKey
        case 1048, 1216, 1217, 1364, 1451, 1452, 3819, 4025: .constraintViolated
        case 1264, 1265, 1292, 1366, 1406, 1411, 1690: .invalidData
        case 3, 1021, 1114: .storageFull
        case 1213: .deadlock
        case 1205: .lockTimeout
        case 1020: .recordChanged
        case 1317, 1969, 3024: .interrupted
        case 1148, 4166: .localInfileRefused
        case 30000...30999 where sqlState == "45000": .signalled
        case 2000..<3000: .client
        default: .server
        }
    }

    var summary: String {
      switch kind {
      case .cannotConnect: "cannot connect"
      case .connectionLost: "the connection to the server was lost"
      case .closed: "the connection is closed"
      case .busy: "the connection is in the middle of another statement"
      case .accessDenied: "access denied"
      case .tlsUnavailable: "encryption is required but the server does not offer it"
      case .tlsRejected: "the encrypted connection was not accepted"
      case .passwordWithheld:
        "the server asked for the password in a form that reveals it; it was not sent"
      case .localInfileRefused: "a local file was requested and refused"
      case .parameterCount: "the number of values differs from the number of placeholders"
      case .unusableValue: "a value cannot be written in SQL"
      case .transactionOpen: "a transaction is open already"
      case .rollbackFailed: "the transaction failed and could not be rolled back"
      case .syntax: "the server did not understand the statement"
      case .unknownObject: "an object does not exist"
      case .alreadyExists: "the object exists already"
      case .duplicateKey: "a unique key has the value already"
      case .constraintViolated: "a constraint refused the row"
      case .invalidData: "a value does not fit its column"
      case .deadlock: "chosen as the victim of a deadlock"
      case .lockTimeout: "waited too long for a lock"
      case .recordChanged: "the record changed since it was read"
      case .interrupted: "the statement was cancelled"
      case .signalled: "a routine refused the call"
      case .storageFull: "there is no space left on the server"
      case .server: "the server reported error"
      case .client: "the client library reported error"
      }
    }

    var hint: String? {
      switch kind {
      case .cannotConnect: "check that the server runs and that host, port or socket are right"
      case .accessDenied: "check the user, the password and the privileges of the account"
      case .tlsUnavailable: "configure TLS on the server, or choose the TLS mode preferred or off"
      case .passwordWithheld:
        "check the server's certificate with --tls verify-identity (and --tls-ca FILE for an authority"
          + " of its own), or let an account of MariaDB use ed25519"
      case .tlsRejected: "check the certificate authority file, the host name and the client key"
      case .deadlock, .lockTimeout, .recordChanged: "try the transaction again"
      case .connectionLost: "check whether the change was made before trying again"
      case .unknownObject: "deploy the schema, or choose the right database"
      case .storageFull:
        "free space where the server keeps its data and its temporary files; the transaction is undone"
      default: nil
      }
    }
  }
}
