"""Bandwidth's own SDK drives the stand-in that tok is tested with: it speaks the vendor's language."""

import json
import os
import subprocess
import unittest

from bandwidth.bandwidth_client import BandwidthClient
from bandwidth.configuration import Environment
from bandwidth.exceptions.api_exception import APIException
from bandwidth.webrtc.models.participant import Participant
from bandwidth.webrtc.models.session import Session
from bandwidth.webrtc.models.subscriptions import Subscriptions


class Bandwidth(unittest.TestCase):
    def setUp(self):
        self.peers = subprocess.Popen(
            [os.environ["PEERS"], "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.addCleanup(self.stop)
        self.told = json.loads(self.peers.stdout.readline())
        client = BandwidthClient(
            web_rtc_basic_auth_user_name=self.told["bandwidth_user"],
            web_rtc_basic_auth_password=self.told["bandwidth_password"],
            environment=Environment.CUSTOM,
            base_url=self.told["bandwidth"],
        )
        self.api = client.web_rtc_client.client
        self.account = self.told["bandwidth_account"]

    def stop(self):
        self.peers.stdin.close()
        self.peers.stdout.close()
        self.peers.wait()

    def test_a_call_as_the_sdk_makes_it(self):
        session = self.api.create_session(self.account, Session(tag="t")).body
        made = self.api.create_participant(
            self.account,
            Participant(tag="a", publish_permissions=["AUDIO"], device_api_version="V3"),
        ).body
        self.assertTrue(made.token)
        participant = made.participant.id
        subscriptions = Subscriptions(session_id=session.id)
        self.api.add_participant_to_session(self.account, session.id, participant, subscriptions)
        members = self.api.list_session_participants(self.account, session.id).body
        self.assertEqual([member.id for member in members], [participant])
        self.api.delete_participant(self.account, participant)
        self.api.delete_session(self.account, session.id)
        with self.assertRaises(APIException) as refused:
            self.api.get_session(self.account, session.id)
        self.assertEqual(refused.exception.response_code, 404)
        # Nothing of this was strange to the stand-in.
        self.peers.stdin.write("\n")
        self.peers.stdin.flush()
        self.assertTrue(self.peers.stdout.readline())


if __name__ == "__main__":
    unittest.main()
