import PayopsCore

/// The mappings that come with the program.
package enum BuiltInMappings {
  /// Their names, in alphabetical order.
  package static let names = [
    "amlsim", "cards", "minute-response-code-counts",
    "minute-status-counts", "payops",
  ]

  /// The text of a mapping, to be read, or copied and changed.
  ///
  /// - Parameter name: the name.
  /// - Returns: JSON; nil when there is no such mapping.
  package static func json(_ name: String) -> String? {
    switch name {
    case "amlsim": amlsim
    case "cards": cards
    case "minute-response-code-counts": minuteResponseCodeCounts
    case "minute-status-counts": minuteStatusCounts
    case "payops": payops
    default: nil
    }
  }

  /// Finds a mapping by name, or reads it from a file.
  ///
  /// - Parameter argument: a name of ``names``, or the path of a JSON file.
  /// - Returns: the mapping.
  /// - Throws: ``ImportError``.
  package static func resolve(_ argument: String) throws(ImportError) -> Mapping {
    if let json = json(argument) { return try Mapping(json: Array(json.utf8), label: argument) }
    guard argument.hasSuffix(".json") else {
      throw ImportError(
        .unknownMapping, "there is no mapping \(argument)",
        hint: "use one of \(names.joined(separator: ", ")), or a file that ends in .json")
    }
    let file = try FileByteSource(path: argument)
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    var count = 0
    while count < bytes.count {
      var failure: ImportError?
      let read = bytes.withUnsafeMutableBytes { buffer in
        do throws(ImportError) {
          return try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
        } catch {
          failure = error
          return 0
        }
      }
      if let failure { throw failure }
      if read == 0 { break }
      count += read
    }
    guard count < bytes.count else {
      throw ImportError(.badMapping, "mapping \(argument) is larger than 1 MiB")
    }
    return try Mapping(json: Array(bytes.prefix(count)), label: argument)
  }

  private static let minuteStatusCounts = """
    {
      "version": 1,
      "name": "minute-status-counts",
      "description": "Payments per minute and status, as another monitor counted them",
      "files": [{
        "target": "imported_status_counts",
        "stateMapping": "minute-status-counts",
        "columns": [
          {"from": "timestamp", "to": "metric_minute"},
          {"from": "status", "to": "member"},
          {"from": "count", "to": "payment_count"}
        ]
      }]
    }
    """

  private static let minuteResponseCodeCounts = """
    {
      "version": 1,
      "name": "minute-response-code-counts",
      "description": "Payments per minute and response code, as another monitor counted them",
      "files": [{
        "target": "imported_response_code_counts",
        "columns": [
          {"from": "timestamp", "to": "metric_minute"},
          {"from": "auth_code", "to": "member"},
          {"from": "count", "to": "payment_count"}
        ]
      }]
    }
    """

  private static let amlsim = """
    {
      "version": 1,
      "name": "amlsim",
      "description": "Accounts and transfers of the IBM AMLSim simulator; step 1 is 2017-01-02",
      "files": [
        {
          "target": "accounts",
          "naturalKey": ["nodeid"],
          "columns": [
            {"from": "nodeid", "to": "name", "prefix": "amlsim "},
            {"from": "init_balance", "to": "balance"}
          ],
          "constants": {
            "currency": "USD", "country": "ZZ", "account_type": "personal",
            "opened_at": "2017-01-01 00:00:00"
          },
          "ignored": ["isFraud", "fraudStep"]
        },
        {
          "target": "transactions",
          "naturalKey": ["sourceNodeId", "targetNodeId", "value", "time"],
          "repeatedKeys": "separate",
          "newAccounts": {"currency": "USD", "country": "ZZ"},
          "columns": [
            {"from": "sourceNodeId", "to": "account_reference"},
            {"from": "targetNodeId", "to": "counterparty_reference"},
            {"from": "value", "to": "transaction_amount"},
            {
              "from": "time", "to": "transaction_time",
              "type": "step", "origin": "2017-01-01T00:00:00Z", "stepSeconds": 86400
            }
          ],
          "constants": {"currency": "USD", "transaction_type": "transfer", "status": "completed"}
        }
      ]
    }
    """

  private static let cards = """
    {
      "version": 1,
      "name": "cards",
      "description": "Card payments in many currencies; amounts in the smallest coin",
      "files": [{
        "target": "transactions",
        "naturalKey": ["id"],
        "amountUnit": "minor",
        "newAccounts": {"currency": "EUR", "country": "ZZ"},
        "columns": [
          {"from": "card_id", "to": "account_reference"},
          {"from": "datetime", "to": "transaction_time"},
          {"from": "amount", "to": "transaction_amount", "type": "integer"},
          {
            "from": "currency", "to": "currency",
            "values": {"NIS": "ILS"}, "otherwise": "keep"
          },
          {
            "from": "customer_present", "to": "channel",
            "values": {"True": "card_present", "False": "ecommerce"}
          },
          {
            "from": "provider", "to": "card_scheme",
            "values": {
              "American Express": "amex", "Diners Club / Carte Blanche": "diners",
              "Discover": "discover", "JCB 15 digit": "jcb", "JCB 16 digit": "jcb",
              "Maestro": "maestro", "Mastercard": "mastercard", "VISA 13 digit": "visa",
              "VISA 16 digit": "visa", "VISA 19 digit": "visa"
            }
          },
          {"from": "region", "to": "location"},
          {"from": "store_id", "to": "title", "prefix": "store "}
        ],
        "constants": {"transaction_type": "card_payment", "status": "completed"},
        "ignored": ["fraud", "expiration_date", "lat", "lng", "country"]
      }]
    }
    """

  private static let dimensionColumns =
    Dimension.allCases.filter { $0 != .all }.map {
      let optional = $0.isOptional ? #", "optional": true"# : ""
      return #"{"from": "\#($0.rawValue)", "to": "\#($0.rawValue)"\#(optional)}"#
    }.joined(separator: ",\n          ")

  private static let payops = """
    {
      "version": 1,
      "name": "payops",
      "description": "Payments as payops itself exports them: the columns of table transactions",
      "files": [{
        "target": "transactions",
        "naturalKey": ["transaction_id"],
        "nullWords": ["", "NULL", "\\\\N"],
        "columns": [
          {"from": "transaction_id", "to": "transaction_id"},
          {"from": "account_id", "to": "account_id"},
          {"from": "transaction_time", "to": "transaction_time"},
          {"from": "transaction_amount", "to": "transaction_amount"},
          {"from": "currency", "to": "currency"},
          {"from": "base_amount", "to": "base_amount", "optional": true},
          \(dimensionColumns),
          {"from": "status", "to": "status"},
          {"from": "counterparty_account_id", "to": "counterparty_account_id", "optional": true},
          {"from": "counterparty_iban", "to": "counterparty_iban", "optional": true},
          {"from": "counterparty_handle", "to": "counterparty_handle", "optional": true},
          {"from": "title", "to": "title", "optional": true},
          {"from": "balance_after", "to": "balance_after", "optional": true},
          {"from": "requested_at", "to": "requested_at", "optional": true},
          {"from": "responded_at", "to": "responded_at", "optional": true},
          {"from": "order_reference", "to": "order_reference", "optional": true},
          {"from": "is_final_attempt", "to": "is_final_attempt", "optional": true},
          {"from": "idempotency_key", "to": "idempotency_key", "optional": true},
          {"from": "source_status", "to": "source_status", "optional": true},
          {"from": "status_changed_at", "to": "status_changed_at", "optional": true},
          {"from": "ingested_at", "to": "ingested_at", "optional": true}
        ],
        "ignored": ["transaction_date", "counterparty_country", "duration_ms", "latency_bin"]
      }]
    }
    """
}
