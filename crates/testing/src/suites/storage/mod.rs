//! What every [`Storage`](selfsame_ports::Storage) promises: see [`storage_contract!`](crate::storage_contract).
//!
//! Each promise wants an empty database of its own and may use it from many threads.

mod support;

pub mod accounts;
pub mod activation;
pub mod attempts;
pub mod attributes;
pub mod audit;
pub mod challenges;
pub mod consents;
pub mod credentials;
pub mod devices;
pub mod exports;
pub mod external_identities;
pub mod idempotency_keys;
pub mod identifiers;
pub mod listing;
pub mod outbox;
pub mod passkeys;
pub mod pictures;
pub mod purging;
pub mod refresh;
pub mod second_factors;
pub mod sessions;
pub mod sign_ins;
pub mod tickets;
pub mod undo_points;
pub mod units;
pub mod usernames;
pub mod values;
pub mod webhook_events;

/// One `#[test]` for each promise of [`Storage`](selfsame_ports::Storage).
///
/// `with` is a `fn(promise: fn(&dyn Storage))` that makes an empty, migrated database and keeps the promise with it:
///
/// ```ignore
/// mod sqlite {
///     fn with(promise: fn(&dyn Storage)) {
///         let folder = tempfile::tempdir().unwrap();
///         promise(&open(&folder));
///     }
///     selfsame_testing::storage_contract!(with);
/// }
/// ```
#[macro_export]
macro_rules! storage_contract {
    ($with:ident) => {
        $crate::promises! { $with, $crate::suites::storage;
            accounts {
                an_account_reads_back_as_it_was_inserted
                locking_an_account_reads_the_whole_of_it
                an_unknown_account_is_nobody
                an_id_that_is_in_use_is_a_conflict
                saving_writes_every_field_of_the_account
                saving_writes_each_field_by_itself
                saving_does_not_change_when_an_account_was_made
                saving_leaves_identifiers_alone_that_do_not_differ
                an_account_can_be_saved_when_nothing_or_its_identifiers_alone_differ
                a_stale_version_is_a_conflict_and_writes_nothing
                r80_a_stale_end_of_the_audit_chain_is_a_conflict_and_writes_nothing
                an_account_that_was_read_without_a_lock_can_be_saved
                of_twenty_units_that_save_from_one_state_of_an_account_one_does
                saving_an_account_that_is_gone_is_a_conflict
                fifty_units_that_lock_merge_and_save_lose_nothing
                a_deleted_account_frees_its_username_and_its_identifiers
            }
            usernames {
                an_account_is_found_by_its_canonical_username
                r6_a_username_is_taken_in_any_case_and_by_look_alikes
                r6_a_username_is_taken_by_how_it_looks_as_shown_and_in_lower_case
                any_number_of_accounts_have_no_username
                r6_saving_a_username_of_somebody_else_is_refused
                a_username_may_change_its_case_and_is_free_once_given_up
                r6_renaming_frees_what_the_old_name_looked_like
                r6_saving_another_field_keeps_the_username
                one_username_wanted_by_twenty_accounts_goes_to_one
                r6_look_alikes_wanted_by_twenty_accounts_go_to_one
                r6_a_held_username_is_held_for_its_owner_by_how_it_looks_and_until_its_time
                r6_of_a_name_that_is_given_up_and_wanted_at_once_nobody_else_gets_it
                a_name_is_held_anew_by_whoever_gave_it_up_last
                holds_are_purged_by_age_and_in_portions_and_go_with_their_account
            }
            identifiers {
                identifiers_come_oldest_first
                saving_inserts_updates_and_deletes_identifiers
                the_primary_is_handed_over_in_one_save
                the_primary_is_handed_over_to_an_address_that_is_new
                an_account_has_one_primary_address_and_one_primary_number
                an_account_has_an_address_once
                an_address_that_goes_may_come_again_in_the_same_save
                an_identifier_id_that_is_in_use_is_a_conflict
                a_save_reaches_no_identifier_of_another_account
                r2_any_number_of_accounts_may_claim_what_nobody_has_proven
                r3_a_proven_address_cannot_be_proven_by_another_account
                r3_a_proven_address_may_still_be_claimed
                r3_a_proven_address_is_free_once_its_account_gives_it_up
                r3_one_address_proven_by_twelve_accounts_at_once_goes_to_one
                whoever_proved_an_address_is_found_by_it_before_whoever_claims_it
                r1_the_last_to_claim_an_address_is_found_whoever_has_proven_it
                the_last_to_claim_an_address_is_found_while_nobody_has_proven_it
                an_account_is_found_by_its_number_too
                r2_rival_claims_are_the_other_unproven_ones_in_ascending_order
                r3_whether_another_account_has_proven_an_address_is_known
            }
            listing {
                accounts_are_listed_in_ascending_order_of_their_ids
                accounts_are_listed_page_by_page
            }
            pictures {
                a_file_is_in_use_as_long_as_it_is_the_picture_of_an_account
                a_thousand_files_can_be_asked_about_at_once
            }
            credentials {
                a_password_reads_back_as_it_was_set_and_set_again
                a_password_that_was_removed_is_gone
                nobody_has_the_password_of_an_unknown_account
                r19_a_stronger_hash_takes_the_place_of_the_one_it_was_made_for
                saving_an_account_keeps_its_password
                the_newest_earlier_passwords_are_kept
                an_account_without_a_password_has_none_to_keep
                whoever_is_looked_up_to_sign_in_comes_with_the_password
            }
            attributes {
                an_account_has_no_attributes_until_some_are_saved
                attributes_read_back_as_they_were_saved_and_saved_again
                attributes_and_account_are_written_each_by_itself
                attributes_of_an_account_that_is_gone_are_a_conflict
                attributes_come_with_a_sign_in_where_they_are_asked_for
            }
            purging {
                an_account_that_nobody_ever_proved_is_purged
                an_account_with_any_sign_of_its_owner_is_not_purged
                unproven_accounts_are_purged_in_portions
                an_account_that_is_being_proven_is_not_purged
            }
            sessions {
                a_session_is_found_by_its_cookie
                r41_a_cookie_that_was_never_handed_out_names_no_session
                a_session_id_that_is_in_use_is_a_conflict
                a_session_can_be_locked_also_when_it_has_expired
                r40_the_earlier_cookie_is_dead_once_it_is_replaced
                r40_who_holds_an_earlier_cookie_cannot_replace_the_one_in_force
                r40_a_cookie_that_twenty_threads_replace_is_replaced_by_one
                saving_writes_all_of_a_session_but_when_it_began
                a_session_comes_with_its_sign_ins_and_their_accounts_oldest_first
                a_session_knows_whether_an_attempt_of_it_is_open
                purging_removes_the_sessions_that_expired_before
            }
            sign_ins {
                a_sign_in_reads_back_with_its_account
                the_sign_ins_of_a_session_read_back_whole
                live_sign_ins_of_an_account_are_listed_with_the_one_used_last_first
                live_sign_ins_are_listed_in_pages_also_where_many_were_used_at_once
                an_unknown_sign_in_is_none
                a_sign_in_id_that_is_in_use_is_a_conflict
                touching_a_sign_in_says_when_it_and_its_session_were_used
                r43_a_sign_in_is_live_until_it_ends_and_only_for_its_account
                a_sign_in_ends_once_and_keeps_the_instant
                a_sign_in_that_does_not_exist_cannot_end
                a_sign_in_that_twenty_threads_end_is_ended_by_one
                r21_all_sign_ins_of_an_account_end_but_one
                live_sign_ins_are_neither_ended_nor_expired
                purging_removes_the_sign_ins_that_ended_or_expired_before
                sessions_and_sign_ins_are_purged_in_portions
                a_session_outlives_the_sign_in_that_was_active_in_it
                r33_another_proof_is_written_to_a_sign_in_that_has_not_ended
                a_purged_session_takes_its_sign_ins_and_attempts_along
            }
            activation {
                a_sign_in_has_the_name_that_its_own_account_gave_it
                the_sign_in_that_was_activated_last_is_active
                of_two_that_were_activated_at_one_instant_the_one_with_the_greater_id_is_active
                r97_a_sign_in_becomes_active_also_when_the_clock_stands_or_went_back
                only_an_own_sign_in_that_has_not_ended_can_be_activated
                a_sign_out_gives_the_browser_back_to_the_one_before
                r21_where_all_sign_ins_of_an_account_ended_nobody_is_active
                attributes_come_with_a_session_of_the_active_account_alone
            }
            refresh {
                a_refresh_chain_reads_back_as_it_was_started
                r47_a_refresh_chain_rotates_once_in_each_generation
                r47_a_refresh_chain_rotates_for_nobody_else
                r47_a_refresh_chain_that_twenty_threads_rotate_is_rotated_by_one
                r47_no_refresh_chain_rotates_after_its_sign_in_has_ended
                r21_a_new_refresh_chain_voids_the_earlier_one
                a_refresh_chain_is_started_for_its_own_account_only
                a_refresh_chain_goes_when_its_sign_in_is_purged
            }
            attempts {
                an_attempt_reads_back_as_it_was_inserted
                an_attempt_of_nobody_and_without_an_address_reads_back
                an_attempt_of_an_account_that_is_gone_is_a_conflict
                an_unknown_attempt_is_none
                an_attempt_id_that_is_in_use_is_a_conflict
                an_attempt_is_found_by_its_temporary_token
                saving_writes_how_far_an_attempt_got_and_nothing_else
                a_completed_attempt_cannot_be_saved_again
                an_attempt_that_twenty_threads_complete_is_completed_by_one
                open_attempts_of_a_session_come_oldest_first
                purging_removes_the_attempts_that_expired_before
                attempts_are_purged_in_portions
            }
            challenges {
                a_challenge_reads_back_as_it_was_inserted
                a_used_link_is_told_from_a_live_a_void_and_an_unknown_one
                a_challenge_id_that_is_in_use_is_a_conflict
                a_challenge_of_an_attempt_is_found_by_it_while_it_is_live
                r12_a_new_challenge_voids_the_older_one_of_its_user_purpose_and_target
                r12_proving_a_second_address_does_not_void_the_proof_of_the_first
                live_challenges_come_newest_first
                r12_a_link_names_a_live_challenge_of_its_own_account
                expiry_is_left_to_the_caller
                r12_a_challenge_is_consumed_once
                r12_a_challenge_that_twenty_threads_consume_is_consumed_by_one
                r12_challenges_asked_for_at_once_leave_one_alive
                r22_voiding_reaches_every_target_of_one_user_and_one_purpose
                purging_removes_the_challenges_made_before
                challenges_are_purged_in_portions
                a_challenge_goes_with_the_address_or_the_attempt_it_is_part_of
                r9_a_challenge_goes_with_the_sign_in_that_requested_it
            }
            tickets {
                a_ticket_reads_back_as_it_was_inserted
                a_ticket_that_was_never_handed_out_is_none
                a_ticket_hash_that_is_in_use_is_a_conflict
                a_ticket_of_an_account_that_is_gone_is_a_conflict
                r12_a_ticket_is_consumed_once
                a_ticket_that_was_consumed_is_found_as_used_and_one_that_was_voided_is_not
                r12_a_ticket_that_twenty_threads_consume_is_consumed_by_one
                r12_a_ticket_is_no_good_from_its_expiry_on
                r12_a_ticket_that_was_consumed_or_voided_is_no_good_when_the_clock_goes_back
                r22_voiding_reaches_the_unused_tickets_of_one_user
                purging_removes_the_tickets_that_expired_before
                tickets_are_purged_in_portions
            }
            second_factors {
                r28_a_pending_authenticator_app_replaces_the_earlier_one_and_has_no_effect
                r28_an_authenticator_app_is_confirmed_once_and_replaces_the_earlier_one
                r28_an_authenticator_app_that_twenty_threads_confirm_is_confirmed_by_one
                r29_the_step_of_an_accepted_code_only_grows
                r29_a_code_that_twenty_threads_use_is_accepted_once
                a_secret_is_sealed_again_unless_it_has_changed
                an_authenticator_app_of_an_account_that_is_gone_is_a_conflict
                removing_an_authenticator_app_removes_the_pending_one_too
                authenticator_apps_are_listed_page_by_page
                purging_removes_the_pending_apps_that_began_before
                r30_a_backup_code_is_used_once_and_by_its_account
                r30_a_backup_code_that_twenty_threads_use_is_accepted_once
                r30_a_new_set_of_backup_codes_voids_the_old_one
                r30_a_used_backup_code_is_noted_until_it_is_purged
                an_authenticator_app_is_restored_in_place_of_another
                second_factors_go_with_their_account
            }
            passkeys {
                a_passkey_reads_back_as_it_was_inserted
                passkeys_of_an_account_come_oldest_first
                the_account_that_has_registered_a_credential_is_found
                a_passkey_id_that_is_in_use_is_a_conflict
                a_passkey_of_an_account_that_is_gone_is_a_conflict
                r37_a_credential_id_belongs_to_one_account
                r37_a_credential_id_that_twenty_accounts_register_goes_to_one
                r37_a_passkey_is_changed_and_removed_for_its_own_account_only
                all_passkeys_of_an_account_are_removed_and_no_others
                a_use_writes_counter_backup_state_and_instant
                r36_a_counter_that_does_not_grow_is_refused_unless_there_is_none
                r36_a_counter_that_twenty_threads_report_is_taken_once
                a_passkey_goes_with_its_account
            }
            consents {
                a_consent_reads_back_as_it_was_saved
                a_consent_is_replaced_and_keeps_when_it_was_first_given
                consents_are_listed_in_the_order_in_which_they_were_first_given
                r62_a_consent_is_removed_of_its_own_account_only
                consents_that_were_given_for_more_since_are_removed
                a_consent_of_an_account_that_is_gone_is_a_conflict
                the_sign_ins_of_one_application_of_one_account_end
            }
            external_identities {
                an_identity_reads_back_with_its_sign_in_and_its_account
                of_a_pair_of_issuer_and_subject_there_is_one_identity
                an_identity_changes_and_is_removed
                an_identity_stays_without_its_account_when_that_is_removed
                r43_the_end_of_all_sign_ins_refuses_tokens_of_every_identity_but_the_one_that_stays
                r43_the_last_sign_in_of_an_identity_is_not_purged
            }
            undo_points {
                an_undo_point_is_taken_as_it_was_inserted_and_once
                an_undo_point_at_a_place_that_is_in_use_is_a_conflict
                taking_an_undo_point_removes_the_later_ones_and_no_others
                an_undo_point_that_twenty_threads_take_is_taken_by_one
                purging_removes_the_undo_points_that_expired_before
                undo_points_go_with_their_account
            }
            devices {
                a_device_reads_back_as_it_was_inserted
                the_use_of_a_device_is_noted_while_it_is_in_force
                a_device_token_or_id_that_is_in_use_is_a_conflict
                an_offered_device_is_brought_into_force_once_under_another_token
                an_offer_that_twenty_threads_accept_is_accepted_once
                an_offer_of_another_account_or_past_its_time_is_not_accepted
                the_devices_in_force_are_listed_by_their_last_use
                r62_a_device_is_removed_by_its_own_account_only
                devices_are_purged_in_portions
                an_origin_is_new_once_for_each_account
                origins_are_purged_by_age_and_in_portions
            }
            idempotency_keys {
                r69_a_key_reads_back_as_it_was_inserted
                r69_a_key_that_is_in_use_is_a_conflict
                r69_only_the_request_that_has_the_key_changes_its_row
                r69_a_key_that_was_taken_over_belongs_to_the_later_request
                r69_of_twenty_requests_that_insert_one_key_one_does
                purging_removes_the_keys_that_expired_before
            }
            audit {
                r79_an_event_reads_back_as_it_was_appended
                r80_the_chain_goes_on_within_a_unit_and_from_unit_to_unit
                r80_the_end_of_the_chain_is_kept_in_the_accounts_row
                r80_each_account_has_a_chain_of_its_own
                r79_an_event_is_gone_with_the_unit_that_was_dropped
                r80_the_chain_holds_when_twenty_threads_append
                r80_a_place_in_the_chain_that_is_taken_is_a_conflict
                a_trail_is_read_in_pages
                an_activity_is_read_newest_first_by_place_time_and_action
                r80_whoever_has_a_trail_is_listed_in_pages_also_when_the_account_is_gone
                r77_erased_details_leave_the_chain_whole
            }
            exports {
                an_export_reads_back_as_it_was_inserted_and_saved
                the_exports_of_an_account_are_listed_the_newest_first_and_go_with_it
                an_export_or_archive_that_is_in_use_is_a_conflict
                r78_archives_are_in_use_until_their_export_has_none_any_more
                exports_that_expired_are_found_while_they_have_an_archive_and_purged_then
            }
            outbox {
                a_message_is_leased_as_it_was_enqueued_and_counted_once_more
                an_outbox_id_that_is_in_use_is_a_conflict
                messages_are_leased_in_the_order_of_their_due_times_and_no_more_than_asked_for
                a_message_that_is_due_later_is_leased_then
                a_lease_is_of_one_channel
                a_lease_is_renewed_by_its_worker_alone
                r88_a_lease_keeps_others_away_until_it_ends
                r93_no_message_is_leased_to_two_workers
                r93_a_worker_that_outlived_its_lease_changes_nothing_of_the_next_one
                r93_a_lease_that_was_ended_holds_no_more
                a_sent_message_is_gone
                a_message_that_is_retried_is_due_when_it_is_said_to_be
                a_message_that_is_retried_soon_need_not_wait_for_its_lease
                a_message_that_is_deferred_is_due_later_and_has_not_used_a_try
                r88_a_buried_message_is_kept_until_it_is_requeued
                dead_messages_are_requeued_in_portions_and_not_when_they_are_past_their_use
                a_requeued_message_is_due_at_once_whether_it_was_dead_or_waits
                a_message_that_is_being_sent_stays_with_its_worker_when_it_is_requeued
                r89_a_message_that_was_requeued_while_it_was_sent_can_be_given_back
                a_removed_message_is_gone_whoever_holds_it
                messages_are_listed_page_by_page_as_they_are
                r89_a_released_message_is_due_at_once
                r89_a_lease_that_is_given_back_was_no_try
                releasing_what_is_not_leased_changes_nothing
                a_message_past_its_use_is_leased_so_that_a_worker_can_drop_it
                the_status_counts_what_waits_and_what_is_dead_by_channel
                dead_messages_are_purged_by_age_and_in_portions
                messages_that_nobody_drains_are_purged_by_age_and_in_portions
                r88_nothing_is_enqueued_by_a_unit_that_was_dropped
            }
            webhook_events {
                an_event_reads_back_as_it_was_inserted
                an_event_id_that_is_in_use_is_a_conflict
                events_are_listed_page_by_page_in_the_order_of_their_ids
                r77_the_events_about_an_account_are_erased_and_no_others
                events_are_purged_by_age_and_in_portions
            }
            units {
                a_storage_that_works_is_ready
                r87_a_unit_that_was_committed_is_there_whole
                r87_a_unit_that_was_dropped_leaves_nothing
                r87_a_unit_whose_last_statement_failed_leaves_nothing
                nobody_else_sees_a_unit_before_it_is_committed
                a_unit_sees_its_own_writes
                one_connection_reads_what_was_committed_meanwhile
                deleting_an_account_takes_all_that_hangs_on_it_but_its_trail
            }
            values {
                texts_keep_every_byte
                the_empty_text_is_not_the_absent_one
                r66_attributes_keep_texts_numbers_and_structure
                r66_numbers_read_back_as_they_were_taken_in
                r66_attributes_of_64_kib_and_depth_32_are_kept
                instants_keep_their_milliseconds
                ids_of_53_bits_are_kept
                counts_and_meters_are_kept_whatever_they_have_come_to
            }
        }
    };
}
