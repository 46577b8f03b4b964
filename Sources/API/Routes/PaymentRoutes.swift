internal import Foundation
internal import HTTP
internal import MariaDBClient
internal import PayopsCore
internal import Tabular

/// Posting of payments: one with an idempotency key, or many as lines.
enum PaymentRoutes {
  static let members = [
    Route.Member(name: "account_id", kind: .integer, isRequired: true, meaning: "the account"),
    Route.Member(
      name: "counterparty_account_id", kind: .integer,
      meaning: "the other account of this bank; absent for one elsewhere"),
    Route.Member(
      name: "amount", kind: .number, isRequired: true,
      meaning: "amount in its currency; as a text it keeps all digits"),
    Route.Member(name: "currency", isRequired: true, meaning: "ISO 4217 code"),
    Route.Member(name: "transaction_type", isRequired: true, meaning: "type of the payment"),
    Route.Member(name: "rail", meaning: "rail over which the money leaves or arrives"),
  ]

  private static let key = Route.Member(
    name: "idempotency_key", isRequired: true, meaning: "1 to 64 ASCII characters")

  /// The most lines of one request; each is a transaction of its own.
  static let mostLines = 5000

  static let all: [Route] = [
    Route(
      method: "POST", path: "/api/v1/payments", scope: .admin, subject: "Payments",
      summary: "Posts a payment; the same key with the same request has the same answer",
      parameters: [
        Route.Parameter(
          name: "Idempotency-Key", place: .header, isRequired: true,
          meaning: "1 to 64 ASCII characters")
      ], body: .members(members), run: post),
    Route(
      method: "POST", path: "/api/v1/payments/bulk", scope: .admin, subject: "Payments",
      summary: "Posts many payments, a line for each; answers with a line for each",
      body: .lines([key] + members), answerType: "application/x-ndjson", run: postLines),
  ]

  private static func post(_ request: APIRequest) async throws -> HTTPResponse {
    guard let key = request.http.header("idempotency-key"), !key.isEmpty else {
      throw Problem(
        400, code: "usage", "the request has no Idempotency-Key field",
        hint: "send a key that is the same when you repeat the request")
    }
    let fields = try RequestFields(request, members)
    let answer = try await request.asPerson { try await post(key, fields, on: $0) }
    return .json(
      .object(answer), status: 200, headers: [(name: "Cache-Control", value: "no-store")])
  }

  private static func postLines(_ request: APIRequest) async throws -> HTTPResponse {
    let lines = request.http.body.split(separator: 0x0A).map(Array.init)
    guard !lines.isEmpty, lines.count <= mostLines else {
      throw Problem(
        400, code: "usage", "a request has 1 to \(mostLines) lines, not \(lines.count)")
    }
    let results = try await request.asPerson { connection in
      var results: [JSON] = []
      for (number, line) in lines.enumerated() {
        let start: (key: String, value: JSON) = (key: "line", value: .integer(number + 1))
        do {
          let fields = try RequestFields(line, [key] + members)
          let answer = try await post(fields.text("idempotency_key") ?? "", fields, on: connection)
          results.append(.object([start] + answer))
        } catch let error as DatabaseError where error.isRetryable {
          // The lines before this one are posted; who sends all again gets the same answers.
          throw error
        } catch {
          let problem = Problem(error)
          results.append(
            .object([
              start, (key: "status", value: .string("error")),
              (key: "problem", value: problem.json),
            ]))
        }
      }
      return results
    }
    return .text(
      results.map { $0.compact + "\n" }.joined(), type: "application/x-ndjson",
      headers: [(name: "Cache-Control", value: "no-store")])
  }

  private static func post(
    _ key: String, _ fields: RequestFields, on connection: Connection
  ) async throws -> [(key: String, value: JSON)] {
    _ = try await connection.query(
      "CALL post_payment(?, ?, ?, ?, ?, ?, ?, @payops_id, @payops_status, @payops_reason)",
      [.text(key)] + members.map { fields[$0.name] })
    let row = try await connection.query(
      "SELECT @payops_id AS id, @payops_status AS status, @payops_reason AS reason"
    ).rows.first
    return [
      (key: "transaction_id", value: row?["id"].map { .number($0) } ?? .null),
      (key: "status", value: .string(row?["status"] ?? "")),
      (key: "refusal_reason", value: row?["reason"].map { .string($0) } ?? .null),
    ]
  }
}
