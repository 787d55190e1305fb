/* Made by `npm run openapi:metadata` from the DTOs and controllers. Do not edit. */
export default async (): Promise<Record<string, any>> => {
  const t: Record<string, any> = {
    ["./platform/money.dto.js"]: await import("./platform/money.dto.js"),
    ["./subscriptions/subscriptions.dto.js"]: await import("./subscriptions/subscriptions.dto.js"),
    ["./access/access.dto.js"]: await import("./access/access.dto.js"),
    ["./audit/audit.dto.js"]: await import("./audit/audit.dto.js"),
    ["./sync/sync.dto.js"]: await import("./sync/sync.dto.js"),
    ["./platform/problem.dto.js"]: await import("./platform/problem.dto.js"),
    ["./auth/auth.dto.js"]: await import("./auth/auth.dto.js"),
    ["./settings/settings.dto.js"]: await import("./settings/settings.dto.js"),
    ["./webhooks/webhooks.dto.js"]: await import("./webhooks/webhooks.dto.js"),
    ["./operations/operations.dto.js"]: await import("./operations/operations.dto.js"),
  };
  return {
    "@nestjs/swagger": {
        "models": [[import("./auth/auth.dto.js"), {
                    "IsAdminDto": { isAdmin: { required: true, type: () => Boolean }, roles: { required: true, type: () => [Object], enum: ["admin", "auditor", "service"], isArray: true } }
                }], [import("./settings/settings.dto.js"), {
                    "ActiveProviderDto": { provider: { required: true, type: () => String, example: "paddle" }, environment: { required: true, enum: ["sandbox", "live"] } }
                }], [import("./platform/money.dto.js"), {
                    "MoneyDto": { amount: { required: true, type: () => String, description: "In the lowest unit of the currency, as text.", example: "2999" }, currency: { required: true, type: () => String, example: "USD" } }
                }], [import("./subscriptions/subscriptions.dto.js"), {
                    "SubscriptionProductDto": { id: { required: true, type: () => String, example: "pro_01gsz4t5hdjse780zja8vvr7jg" }, ref: { required: true, type: () => String, nullable: true, description: "The product's name in the configuration (`p_ref`)." }, name: { required: true, type: () => String, nullable: true }, priceId: { required: true, type: () => String }, priceName: { required: true, type: () => String, nullable: true }, quantity: { required: true, type: () => Number }, recurring: { required: true, type: () => Boolean } },
                    "PeriodDto": { startsAt: { required: true, type: () => String }, endsAt: { required: true, type: () => String } },
                    "ScheduledChangeDto": { action: { required: true, type: () => String, description: "`cancel`, `pause` or `resume`." }, effectiveAt: { required: true, type: () => String }, resumeAt: { required: true, type: () => String, nullable: true } },
                    "SubscriptionActionsDto": { cancel: { required: true, type: () => Boolean }, pause: { required: true, type: () => Boolean }, resume: { required: true, type: () => Boolean }, switch: { required: true, type: () => Boolean }, updatePaymentMethod: { required: true, type: () => Boolean } },
                    "PaymentMethodDto": { type: { required: true, type: () => String, example: "card" }, brand: { required: true, type: () => String, nullable: true }, last4: { required: true, type: () => String, nullable: true } },
                    "PaymentDto": { total: { required: true, type: () => t["./platform/money.dto.js"].MoneyDto }, at: { required: true, type: () => String }, method: { required: true, type: () => t["./subscriptions/subscriptions.dto.js"].PaymentMethodDto, nullable: true } },
                    "SubscriptionDto": { id: { required: true, type: () => String, example: "sub_01hv8x29kz0t586xy6zn1a62ny" }, status: { required: true, type: () => String, description: "`trialing`, `active`, `past_due`, `paused` or `canceled`; a status that Paddle adds later is passed through." }, access: { required: true, enum: ["full", "read_only", "none"] }, planType: { required: true, enum: ["FREE", "PAID"] }, products: { required: true, type: () => [t["./subscriptions/subscriptions.dto.js"].SubscriptionProductDto] }, collectionMode: { required: true, type: () => String, nullable: true, description: "`automatic` or `manual`." }, currency: { required: true, type: () => String, nullable: true, example: "USD" }, startedAt: { required: true, type: () => String, nullable: true }, trialEndsAt: { required: true, type: () => String, nullable: true }, currentPeriod: { required: true, type: () => t["./subscriptions/subscriptions.dto.js"].PeriodDto, nullable: true }, nextBilledAt: { required: true, type: () => String, nullable: true }, pausedAt: { required: true, type: () => String, nullable: true }, canceledAt: { required: true, type: () => String, nullable: true }, scheduledChange: { required: true, type: () => t["./subscriptions/subscriptions.dto.js"].ScheduledChangeDto, nullable: true, description: "What Paddle will do at `effectiveAt`; not true before." }, actions: { required: true, type: () => t["./subscriptions/subscriptions.dto.js"].SubscriptionActionsDto, description: "What the user may do now, so that a frontend can gate its buttons." }, lastPayment: { required: true, type: () => t["./subscriptions/subscriptions.dto.js"].PaymentDto, nullable: true, description: "The last payment that went through." } },
                    "SubscriptionStatusDto": { environment: { required: true, enum: ["sandbox", "live"] }, subscriptions: { required: true, type: () => [t["./subscriptions/subscriptions.dto.js"].SubscriptionDto], description: "Newest first; those that lapsed are included." } }
                }], [import("./access/access.dto.js"), {
                    "AccessSourceDto": { type: { required: true, enum: ["subscription"] }, id: { required: true, type: () => String, example: "sub_01hv8x29kz0t586xy6zn1a62ny" } },
                    "EvidenceDto": { ref: { required: true, type: () => String, description: "For `GET /ledger/events/{ref}`." }, position: { required: true, type: () => Number }, eventId: { required: true, type: () => String }, eventType: { required: true, type: () => String, example: "subscription.activated" }, occurredAt: { required: true, type: () => String }, effect: { required: true, type: () => String, description: "What the event changed, in a sentence.", example: "the subscription went from active to past_due" } },
                    "ProductAccessDto": { productId: { required: true, type: () => String, example: "pro_01gsz4t5hdjse780zja8vvr7jg" }, ref: { required: true, type: () => String, nullable: true, description: "The product's name in the configuration (`p_ref`)." }, access: { required: true, enum: ["full", "read_only", "none"] }, reason: { required: true, enum: ["subscription_trialing", "subscription_active", "subscription_past_due", "subscription_paused", "subscription_canceled", "cancellation_scheduled", "subscription_status_unknown", "no_purchase"] }, source: { required: true, type: () => t["./access/access.dto.js"].AccessSourceDto, nullable: true, description: "What gives the access, or what gave it last." }, until: { required: true, type: () => String, nullable: true, description: "When the access ends, as far as that is known now." }, quantity: { required: true, type: () => Number }, evidence: { required: false, type: () => [t["./access/access.dto.js"].EvidenceDto], description: "Only with `explain=true`: the ledger events that led to the answer." } },
                    "AccessDto": { environment: { required: true, enum: ["sandbox", "live"] }, products: { required: true, type: () => [t["./access/access.dto.js"].ProductAccessDto] }, evidence: { required: false, type: () => [t["./access/access.dto.js"].EvidenceDto], description: "Only with `explain=true`: all ledger events that led to the answer, in the order of the ledger." } }
                }], [import("./webhooks/webhooks.dto.js"), {
                    "WebhookReceiptDto": { eventId: { required: true, type: () => String }, status: { required: true, description: "`duplicate`: it was in the ledger already, at this position.", enum: ["appended", "duplicate"] }, ref: { required: true, type: () => String, description: "Names the event in the ledger: `<shard>-<position>`." }, position: { required: true, type: () => Number } }
                }], [import("./audit/audit.dto.js"), {
                    "LedgerEventSummaryDto": { ref: { required: true, type: () => String, description: "`<shard>-<position>`: unique in the installation.", example: "1-42" }, position: { required: true, type: () => Number, description: "1, 2, 3, \u2026 without a hole, in the order of commits." }, environment: { required: true, type: () => String, description: "`sandbox`, `live`, or `installation` for our own configuration." }, eventId: { required: true, type: () => String }, type: { required: true, type: () => String, example: "subscription.activated" }, streamId: { required: true, type: () => String, example: "paddle:sub_01hv8x29kz0t586xy6zn1a62ny" }, streamVersion: { required: true, type: () => Number }, occurredAt: { required: true, type: () => String, description: "As Paddle wrote it." }, recordedAt: { required: true, type: () => String }, customerId: { required: true, type: () => String, nullable: true }, userId: { required: true, type: () => String, nullable: true }, source: { required: true, enum: ["webhook", "command", "sync", "native"] } },
                    "LedgerEventPageDto": { data: { required: true, type: () => [t["./audit/audit.dto.js"].LedgerEventSummaryDto] }, nextCursor: { required: true, type: () => String, nullable: true, description: "For `after`; null on the last page." } },
                    "LedgerEventDto": { body: { required: true, type: () => String, description: "The exact text, byte for byte." }, headers: { required: true, type: "object", additionalProperties: { type: "string" }, description: "What the signature is checked with." }, digest: { required: true, type: () => String, description: "SHA-256 of the bytes of `body`, in hex." }, schemaVersion: { required: true, type: () => Number }, requestId: { required: true, type: () => String, nullable: true }, causation: { required: true, type: () => String, nullable: true, description: "Event id of what led to this." }, actor: { required: true, type: () => String, nullable: true, description: "Who caused it." } },
                    "QuarantinedWebhookDto": { digest: { required: true, type: () => String, description: "SHA-256 of the body, in hex." }, environment: { required: true, type: () => String }, reason: { required: true, type: () => String }, headers: { required: true, type: "object", additionalProperties: { type: "string" } }, bodyBase64: { required: true, type: () => String, description: "Base64: it may be anything." }, firstReceivedAt: { required: true, type: () => String }, lastReceivedAt: { required: true, type: () => String }, deliveries: { required: true, type: () => Number } },
                    "QuarantineDto": { data: { required: true, type: () => [t["./audit/audit.dto.js"].QuarantinedWebhookDto] } }
                }], [import("./operations/operations.dto.js"), {
                    "LivenessDto": { status: { required: true, enum: ["up"] } },
                    "ReadinessDto": { ready: { required: true, type: () => Boolean }, database: { required: true, enum: ["up", "down"] }, ledgerProtection: { required: true, nullable: true, description: "What keeps the ledger immutable: the grants of the app's role and the trigger, or the trigger alone.", enum: ["grants and trigger", "trigger only"] }, pendingEvents: { required: true, type: () => Number, nullable: true, description: "Events that the read models do not show yet." } },
                    "ProblemTypeDto": { code: { required: true, type: () => String, example: "invalid_signature" }, status: { required: true, type: () => Number }, title: { required: true, type: () => String } }
                }], [import("./sync/sync.dto.js"), {
                    "SyncTransactionDto": { id: { required: true, type: () => String, example: "txn_01hv8wptq8987qeep44cyrewp9" }, seen: { required: true, type: () => Boolean, description: "Whether any event of it has arrived." }, status: { required: true, type: () => String, nullable: true } },
                    "SyncStatusDto": { complete: { required: true, type: () => Boolean, description: "With `transactionId`: the transaction is completed and it and its subscription are in every read model. Without: nothing is pending." }, state: { required: true, enum: ["up_to_date", "pending"] }, position: { required: true, type: () => Object, description: "The same as the header `Ledger-Position`: with one shard a number, with several an opaque text." }, pendingEvents: { required: true, type: () => Number, description: "Events in the ledger that the read models do not show yet." }, lastSyncedAt: { required: true, type: () => String, nullable: true, description: "When the newest of Paddle's news was recorded." }, transaction: { required: true, type: () => t["./sync/sync.dto.js"].SyncTransactionDto, nullable: true } }
                }], [import("./platform/problem.dto.js"), {
                    "InputErrorDto": { pointer: { required: true, type: () => String, description: "JSON Pointer into the body, or the name of a query parameter.", example: "/product" }, detail: { required: true, type: () => String } },
                    "ProblemDto": { type: { required: true, type: () => String, description: "Served by this app.", example: "/problems/invalid-request" }, title: { required: true, type: () => String }, status: { required: true, type: () => Number }, code: { required: true, type: () => String, description: "Stable: branch on it.", example: "invalid_request" }, detail: { required: true, type: () => String, description: "For people." }, instance: { required: true, type: () => String, description: "Names this request; quote it in a report." }, errors: { required: false, type: () => [t["./platform/problem.dto.js"].InputErrorDto], description: "What is wrong with the input, and where." } }
                }]],
        "controllers": [[import("./auth/auth.controller.js"), {
                    "AuthController": {
                        "getIsAdmin": { summary: "Which roles the caller's token carries.", type: t["./auth/auth.dto.js"].IsAdminDto }
                    }
                }], [import("./settings/settings.controller.js"), {
                    "SettingsController": {
                        "getActiveProvider": { summary: "The provider and environment that user routes act on.", type: t["./settings/settings.dto.js"].ActiveProviderDto }
                    }
                }], [import("./subscriptions/subscriptions.controller.js"), {
                    "SubscriptionsController": {
                        "getSubscriptionStatus": { summary: "The caller's subscriptions, newest first, lapsed ones included.", type: t["./subscriptions/subscriptions.dto.js"].SubscriptionStatusDto }
                    }
                }], [import("./access/access.controller.js"), {
                    "AccessController": {
                        "getAccess": { summary: "What may the caller use, and why? Answered from our own state: Paddle being down changes nothing.\nWith `product`, exactly one entry, also when there is nothing.", type: t["./access/access.dto.js"].AccessDto }
                    }
                }], [import("./webhooks/webhooks.controller.js"), {
                    "WebhooksController": {
                        "receiveWebhook": { summary: "Takes a webhook of any environment: the secret that verifies says which. 200 means durably in the ledger.", type: t["./webhooks/webhooks.dto.js"].WebhookReceiptDto },
                        "receiveWebhookOf": { summary: "Takes a webhook of one environment. 200 means durably in the ledger.", type: t["./webhooks/webhooks.dto.js"].WebhookReceiptDto }
                    }
                }], [import("./audit/audit.controller.js"), {
                    "AuditController": {
                        "listLedgerEvents": { summary: "The events of an environment, oldest first. `from` and `to` bound the time at which they happened.", type: t["./audit/audit.dto.js"].LedgerEventPageDto },
                        "getLedgerEvent": { summary: "One event with its exact body and what is needed to check its signature again.", type: t["./audit/audit.dto.js"].LedgerEventDto },
                        "listQuarantine": { summary: "Webhooks that were signed but are no events, the newest first. They are not in the ledger.", type: t["./audit/audit.dto.js"].QuarantineDto }
                    }
                }], [import("./operations/operations.controller.js"), {
                    "OperationsController": {
                        "getLiveness": { summary: "The process runs.", type: t["./operations/operations.dto.js"].LivenessDto },
                        "getReadiness": { summary: "The process can do its work; 503 when it cannot.", type: t["./operations/operations.dto.js"].ReadinessDto },
                        "getMetrics": { summary: "Metrics for Prometheus.", type: String },
                        "getProblem": { summary: "What a problem `type` means.", type: t["./operations/operations.dto.js"].ProblemTypeDto }
                    }
                }], [import("./sync/sync.controller.js"), {
                    "SyncController": {
                        "getSyncStatus": { summary: "How far the read models are. With `transactionId`, whether that checkout has reached them: poll it after a checkout.", type: t["./sync/sync.dto.js"].SyncStatusDto }
                    }
                }]]
    }
};
};
